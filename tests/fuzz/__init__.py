"""Fuzz targets for reading: `make fuzz`."""
