"""The look of the print sheet: black on white, one A4 page, nothing loaded from anywhere.

Which font stands in for Arial is not known, so a usual plan leaves room for a wider one: the titles and addresses of
the sources are read on the screen, and the paper has their ids beside what they say.
"""

from typing import Final

STYLE: Final = """
@page { size: A4; margin: 6mm 10mm 8mm; }
@page { @bottom-right { content: "page " counter(page) " of " counter(pages); font: 6.4pt Arial, sans-serif; } }
* { box-sizing: border-box; margin: 0; padding: 0; }
html { background: #fff; color: #000; }
body { font: 7.5pt/1.2 Arial, "Liberation Sans", Helvetica, sans-serif; width: 190mm; }
h1 { font-size: 10.5pt; line-height: 1.15; }
h2 { font-size: 7.5pt; border-bottom: 0.5pt solid #000; margin: 1.4mm 0 0.6mm; break-after: avoid; }
section, table, figure { break-inside: avoid; }
.whole, td.figure { white-space: nowrap; }
.title { display: flex; justify-content: space-between; align-items: flex-end; gap: 4mm; }
.title p { font-weight: bold; font-size: 7pt; text-align: right; white-space: nowrap; }
.patient { display: flex; gap: 3mm; margin: 0.8mm 0 0.6mm; padding: 0.5mm 2mm 0.6mm; border: 0.8pt solid #000; }
.patient div { flex: 1; border-bottom: 0.5pt dotted #000; height: 5.6mm; }
.patient div:first-child { flex: 2.2; }
dl div { display: flex; gap: 1.5mm; }
dt { flex: none; width: 20mm; }
dd { flex: 1; }
.inputs dl, .inputs dl div { display: inline; }
.inputs dt, .inputs dd { display: inline; }
.inputs div::after { content: ";  "; }
.inputs div:last-child::after { content: ""; }
.inputs dt::after { content: ": "; }
.inputs dd { font-weight: bold; }
.dose { border: 1.6pt solid #000; padding: 0.7mm 2mm; margin-top: 1mm; }
.dose dl { font-size: 10.6pt; line-height: 1.25; font-weight: bold; }
.dose div { display: flex; gap: 3mm; align-items: baseline; }
.dose dt { width: 17mm; font-size: 8pt; }
.dose div:last-child dd { font-size: 12pt; }
.dose ul { border-top: 0.5pt solid #000; }
.terms { margin: 0.8mm 0 1mm; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 0.4pt solid #000; padding: 0.1mm 0.9mm; text-align: left; vertical-align: top; }
th { font-size: 7pt; }
caption { text-align: left; font-weight: bold; padding: 0.4mm 0; }
.numbers th, .numbers td { text-align: right; white-space: nowrap; }
.numbers th[colspan] { white-space: normal; }
.numbers th:first-child, .numbers td:first-child { text-align: left; }
.ladder { display: flex; gap: 4mm; margin-top: 0.5mm; }
.ladder > div { flex: 1; }
.ladder table + table { margin-top: 1mm; }
figure { flex: 0 1 66mm; min-width: 45mm; }
figcaption { font-size: 7pt; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 10px Arial, "Liberation Sans", Helvetica, sans-serif; fill: #000; }
.record { margin-top: 1mm; }
.record th { font-weight: normal; }
.record th b { white-space: nowrap; }
.record td { height: 4.5mm; }
.record td:first-child { font-weight: bold; vertical-align: middle; white-space: nowrap; }
.record th:first-child { width: 1%; }
ul { list-style: none; }
.notices li { padding-left: 2.5mm; text-indent: -2.5mm; }
.notices b { letter-spacing: 0.02em; }
section > .notices, .terms { font-size: 6.7pt; }
.small { font-size: 6pt; line-height: 1.1; margin-top: 0.5mm; }
.small > b:first-child { font-size: 7.6pt; }
.small ul, .sources p { columns: 2; column-gap: 5mm; overflow-wrap: anywhere; }
.sources p { margin-top: 0.4mm; }
.small li { break-inside: avoid; padding-left: 2mm; text-indent: -2mm; overflow-wrap: anywhere; }
.batches { margin-top: 0.6mm; columns: 2; column-gap: 3mm; }
.batches > b { display: block; column-span: all; }
.batches p { display: flex; flex-wrap: wrap; gap: 0.4mm 1mm; align-items: center; padding-top: 0.4mm; }
.batches p { break-inside: avoid; }
.batches p b { width: 34mm; font-weight: normal; font-size: 7pt; }
.batches p > span { flex: none; width: 18mm; height: 4mm; border: 0.4pt solid #000; padding: 0 0.6mm; }
.batches p > span { font-size: 6.2pt; }
.observations { margin-top: 0.6mm; border: 0.5pt solid #000; padding: 0.2mm 1mm; height: 6mm; }
.boxes { display: flex; gap: 3mm; margin-top: 1.5mm; break-inside: avoid; }
.boxes div { flex: 1; border: 0.8pt solid #000; padding: 0.5mm 1.5mm 0; height: 10mm; }
.boxes p { margin-top: 2.6mm; display: flex; gap: 2mm; }
.boxes p span { flex: 1; border-top: 0.5pt dotted #000; font-size: 6.4pt; }
.closing { margin-top: 0.8mm; font-weight: bold; }
@media screen { body { margin: 8mm auto; } .on-paper { display: none; } }
@media print { .sources { display: none; } }
"""
