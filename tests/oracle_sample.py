"""A small catalogue for the oracle's own tests, typed from the published rules and not from the shipped catalogue."""

from tests.oracle_catalogue import read_yaml

CATALOGUE = read_yaml("""
defaults: {}
weight_policies:
  actual: {branches: [{use: actual}]}
  ideal: {branches: [{use: ideal}], height_floor_cm: 152.4}
  clinpk:
    factor: 0.4
    height_floor_cm: 152.4
    branches:
      - {use: ideal, when: {percent_of_ideal: {at_most: 120}}}
      - {use: adjusted}
  australia:
    factor: 0.4
    height_floor_cm: 152
    branches:
      - {use: actual, when: {age_years: {under: 18}}}
      - {use: actual, when: {height_cm: {under: 152}}}
      - {use: actual, when: {pregnant: true}}
      - {use: adjusted}
  ontario:
    factor: 0.4
    height_floor_cm: 152.4
    branches:
      - {use: adjusted, when: {height_cm: {at_least: 152.4}, weight_over_kg: {M: 50, F: 45.5}}}
      - {use: actual}
  us-120:
    factor: 0.4
    height_floor_cm: 152.4
    branches:
      - {use: adjusted, when: {percent_of_ideal: {over: 120}}}
      - {use: actual}
  over-30: {factor: 0.4, branches: [{use: adjusted, when: {bmi: {over: 30}}}, {use: actual}]}
  from-30: {factor: 0.4, branches: [{use: adjusted, when: {bmi: {at_least: 30}}}, {use: actual}]}
regimens:
  divided: {g_per_kg: {low: 1, high: 2, default: 2}, basis: per_course, days: {low: 2, high: 5, default: 5}}
  daily: {g_per_kg: {low: 0.4, high: 0.4, default: 0.4}, basis: per_day, days: {low: 2, high: 5, default: 5}}
  capped:
    {g_per_kg: {low: 2, high: 2, default: 2}, basis: per_course, days: {low: 1, high: 2, default: 1},
     limits: {g_per_course: 100}}
  day-limit:
    {g_per_kg: {low: 2, high: 2, default: 2}, basis: per_course, days: {low: 1, high: 5, default: 2},
     limits: {g_per_day: 140, g_per_kg_per_day: 1}}
  toxic-shock:
    {g_per_kg: {low: 2, high: 2, default: 2}, basis: per_course, days: {low: 3, high: 3, default: 3},
     day_pattern: [1, 0.5, 0.5]}
  monthly:
    {g_per_kg: {low: 0.2, high: 0.4, default: 0.3}, basis: per_month, days: {low: 1, high: 1, default: 1},
     interval: {low: 1, high: 1, default: 1, unit: months}}
indications:
  any: {regimens: [divided, daily, capped, day-limit, toxic-shock, monthly]}
  itp: {regimens: [daily]}
products:
  octagam-10:
    g_per_100_ml: 10
    vials: [{g: 2, ml: 20}, {g: 5, ml: 50}, {g: 10, ml: 100}, {g: 20, ml: 200}, {g: 30, ml: 300}]
    at_risk: {risks: [thrombosis-risk], maximum: {value: 3.3, unit: mg/kg/min, also: {value: 0.03, unit: mL/kg/min}}}
    rates:
      - indications: [itp]
        start: {value: 1, unit: mg/kg/min}
        maximum: {value: 12, unit: mg/kg/min, also: {value: 0.12, unit: mL/kg/min}}
        steps:
          - {value: 1, unit: mg/kg/min, minutes: 30}
          - {value: 2, unit: mg/kg/min, minutes: 30}
          - {value: 4, unit: mg/kg/min, minutes: 30}
          - {value: 8, unit: mg/kg/min, minutes: 30}
          - {value: 12, unit: mg/kg/min}
      - indications: [dermatomyositis]
        start: {value: 1, unit: mg/kg/min}
        maximum: {value: 4, unit: mg/kg/min}
  gammaplex-5:
    g_per_100_ml: 5
    vials: [{g: 5, ml: 100}]
    rates:
      - indications: [pid]
        start: {value: 0.5, unit: mg/kg/min, also: {value: 0.01, unit: mL/kg/min}}
        maximum: {value: 4, unit: mg/kg/min, also: {value: 0.08, unit: mL/kg/min}}
        steps:
          - {value: 0.01, unit: mL/kg/min, minutes: 15}
          - {value: 0.02, unit: mL/kg/min, minutes: 15}
          - {value: 0.04, unit: mL/kg/min, minutes: 15}
          - {value: 0.06, unit: mL/kg/min, minutes: 15}
          - {value: 0.08, unit: mL/kg/min}
  qivigy:
    g_per_100_ml: 10
    vials: [{g: 5, ml: 50}]
    rates:
      - {indications: [pid], infusion: first, start: {value: 1, unit: mg/kg/min}, maximum: {value: 8, unit: mg/kg/min}}
      - {indications: [pid], infusion: later, start: {value: 2, unit: mg/kg/min}, maximum: {value: 8, unit: mg/kg/min},
         start_minutes: 15, step_minutes: 15}
vaccines:
  us:
    above_last_row_months: 11
    rows:
      - {course_g_per_kg_at_most: 0.4, months: 8}
      - {course_g_per_kg_at_most: 1, months: 10}
      - {course_g_per_kg_at_most: 2, months: 11}
  au:
    above_last_row_months: 11
    rows:
      - {course_g_per_kg_at_most: 0.4, months: 9, indications: [pid]}
      - {course_g_per_kg_at_most: 0.4, months: 8}
      - {course_g_per_kg_at_most: 1, months: 10}
""")
