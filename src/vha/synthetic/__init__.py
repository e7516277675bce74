"""Synthetic source systems: an invented London with the shape of real police data, and with its faults.

Nobody in it exists. Shapes and sizes come from public statistics, named where they stand (`marginals`,
`offences`); what no public source gives is an assumption. Those that matter most to a reader of the results:

* **Ethnicity.** Who is recorded as a suspect of public violence depends on age, sex and, by the weights in
  `marginals.RECORDED_AS_SUSPECT`, on ethnicity, so that the sources hold a disparity for the oversight pages
  to show. It is moderate: less than in the figures reported for August 2024 (870 Black, 299 White, 138 other
  of 1,307 people). It stands for how police records come about and says nothing about conduct.
* **A violent core.** Rather more than half of public violence with a known suspect is recorded against a
  small, mostly young and male group, with a power law within it; the rest against suspects of anything.
* **Size.** 1.2 million reports in six years are about a fifth of what a force of London's size records.
  Violence with weapons is more frequent among them than in reality (`scale.Scale.emphasis`), so that a list
  of the reported size can come out.

The generator imports no scoring code and reads no threshold, weight or policy.
"""

from vha.synthetic.report import Report
from vha.synthetic.world import create, generate

__all__ = ["Report", "create", "generate"]
