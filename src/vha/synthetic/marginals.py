"""Shares of people's characteristics in the synthetic world, each with its public source.

No joint table of ethnicity, age and sex was found: apart from the assumptions named in the package's
docstring the characteristics are independent of each other.
"""

from __future__ import annotations

# Five-year bands' lower ages. Census 2021 for London (ONS), secondary compilation, table of ages.
AGE_BANDS = {
    0: 0.060, 5: 0.061, 10: 0.059, 15: 0.055, 20: 0.071, 25: 0.093, 30: 0.095, 35: 0.078, 40: 0.068,
    45: 0.063, 50: 0.060, 55: 0.054, 60: 0.044, 65: 0.034, 70: 0.030, 75: 0.020, 80: 0.014, 85: 0.009,
}  # fmt: skip

# How much more often a band comes to a police force's notice than its share of the population. Assumption.
NOTICE_BY_AGE = {
    0: 0.15, 5: 0.25, 10: 0.9, 15: 1.6, 20: 1.6, 25: 1.4, 30: 1.2, 35: 1.1, 40: 1.0,
    45: 0.9, 50: 0.8, 55: 0.7, 60: 0.6, 65: 0.5, 70: 0.4, 75: 0.4, 80: 0.35, 85: 0.3,
}  # fmt: skip

# Census 2011 (ONS table QS201EW), police force area Metropolitan: all 18 groups of the area.
ETHNICITIES = {
    "W1": 3_665_041, "W2": 175_794, "W3": 8_193, "W9": 1_032_608,
    "M1": 119_387, "M2": 65_442, "M3": 101_389, "M9": 118_772,
    "A1": 542_641, "A2": 223_781, "A3": 221_895, "A9": 398_302, "O1": 123_987,
    "B1": 344_551, "B2": 573_833, "B9": 170_063,
    "O2": 105_951, "O9": 174_936,
}  # fmt: skip

# What an officer notes of somebody of each group. Officers' codes have no Mixed group. Assumption.
OFFICER_OBSERVED = {
    "W1": {"IC1": 0.93, "IC2": 0.05, "IC6": 0.01, "IC4": 0.01},
    "W2": {"IC1": 0.97, "IC2": 0.03},
    "W3": {"IC1": 0.85, "IC2": 0.13, "IC6": 0.02},
    "W9": {"IC1": 0.66, "IC2": 0.27, "IC6": 0.05, "IC4": 0.02},
    "M1": {"IC3": 0.68, "IC1": 0.17, "IC2": 0.08, "IC4": 0.04, "IC6": 0.03},
    "M2": {"IC3": 0.74, "IC1": 0.10, "IC2": 0.06, "IC4": 0.05, "IC6": 0.05},
    "M3": {"IC4": 0.46, "IC1": 0.26, "IC2": 0.18, "IC6": 0.06, "IC3": 0.04},
    "M9": {"IC3": 0.28, "IC1": 0.24, "IC2": 0.20, "IC4": 0.14, "IC6": 0.09, "IC5": 0.05},
    "A1": {"IC4": 0.94, "IC6": 0.03, "IC2": 0.02, "IC3": 0.01},
    "A2": {"IC4": 0.94, "IC6": 0.04, "IC2": 0.02},
    "A3": {"IC4": 0.95, "IC6": 0.03, "IC3": 0.02},
    "A9": {"IC4": 0.74, "IC5": 0.16, "IC6": 0.06, "IC2": 0.03, "IC3": 0.01},
    "O1": {"IC5": 0.96, "IC4": 0.03, "IC1": 0.01},
    "B1": {"IC3": 0.98, "IC4": 0.01, "IC6": 0.01},
    "B2": {"IC3": 0.97, "IC6": 0.02, "IC4": 0.01},
    "B9": {"IC3": 0.95, "IC6": 0.03, "IC4": 0.02},
    "O2": {"IC6": 0.72, "IC4": 0.15, "IC2": 0.10, "IC1": 0.03},
    "O9": {"IC4": 0.30, "IC6": 0.24, "IC2": 0.20, "IC1": 0.16, "IC5": 0.07, "IC3": 0.03},
}

# Missingness: assumptions of the size that police forces' own returns show (self-defined: about a quarter).
SELF_DEFINED_NOT_STATED, SELF_DEFINED_MISSING = 0.13, 0.10
OFFICER_OBSERVED_UNKNOWN, OFFICER_OBSERVED_MISSING = 0.04, 0.04

# Census 2021 for London (ONS), secondary compilation; the missing, by far the most, are an assumption.
RELIGIONS = {
    "christian": 0.4066, "none": 0.2705, "muslim": 0.1499, "hindu": 0.0515, "jewish": 0.0165, "sikh": 0.0099,
    "buddhist": 0.0088, "other": 0.0090, "not_stated": 0.2500,
}  # fmt: skip
RELIGION_MISSING = 0.60
DISABILITIES = {"Y": 0.13, "N": 0.87, "not_stated": 0.10}
DISABILITY_MISSING = 0.70
# ONS 2020 for London, secondary compilation; the missing are an assumption.
SEXUAL_ORIENTATIONS = {
    "heterosexual": 0.933, "gay_lesbian": 0.018, "bisexual": 0.013, "other": 0.007, "not_stated": 0.300,
}  # fmt: skip
SEXUAL_ORIENTATION_MISSING = 0.75

# Census 2021 (ONS), each borough's share of London's residents.
BOROUGHS = {
    "Barking and Dagenham": 0.02488, "Barnet": 0.04424, "Bexley": 0.02801, "Brent": 0.03861,
    "Bromley": 0.03750, "Camden": 0.02388, "City of London": 0.00098, "Croydon": 0.04441,
    "Ealing": 0.04172, "Enfield": 0.03750,
    "Greenwich": 0.03286, "Hackney": 0.02946, "Hammersmith and Fulham": 0.02082, "Haringey": 0.03002,
    "Harrow": 0.02970, "Havering": 0.02978, "Hillingdon": 0.03476, "Hounslow": 0.03275, "Islington": 0.02461,
    "Kensington and Chelsea": 0.01629, "Kingston upon Thames": 0.01909, "Lambeth": 0.03609,
    "Lewisham": 0.03416, "Merton": 0.02446, "Newham": 0.03990, "Redbridge": 0.03527,
    "Richmond upon Thames": 0.02218,
    "Southwark": 0.03497, "Sutton": 0.02382, "Tower Hamlets": 0.03527, "Waltham Forest": 0.03165,
    "Wandsworth": 0.03722, "Westminster": 0.02322,
}  # fmt: skip
BOROUGH_MISSING = 0.03

# How much likelier somebody is to be recorded as a suspect of public violence, and as a victim, than a White
# person of the same age and sex. A moderate assumption in the direction of the published counts of police
# attention (Home Office, use of force 2019/20, Metropolitan Police, by perceived ethnicity). It describes
# records, not conduct.
RECORDED_AS_SUSPECT = {"W": 1.0, "M": 1.6, "A": 0.7, "B": 3.2, "O": 1.0}
RECORDED_AS_VICTIM = {"W": 1.0, "M": 1.2, "A": 1.0, "B": 1.4, "O": 1.0}
