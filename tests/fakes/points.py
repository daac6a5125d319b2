"""A points file of an officer, as it stands when it is right."""

from __future__ import annotations

POINTS = """# Points
## Introduction {introduction}
Two questions were asked.
## Question 1
### The cost of the last mile is the main obstacle.
Named in every region.
- [x] 1 "the cost of the last mile is too high"
- [x] 2: «Le coût du dernier kilomètre reste l'obstacle principal»
- [x] 5 "تظل تكلفة الوصلة الأخيرة العقبة الأبرز"
- [x] 6 "农村学校的宽带费用仍然过高"
- [x] 1 "Broadband does not reach rural schools"
- [ ] 3 "words nobody wrote"
### A national plan is wanted.
- [x] 1 "We support a national plan."
- [-] 2 "Nous ne soutenons pas un prix imposé."
"""
