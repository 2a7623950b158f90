"""The style sheet of the report: light and dark, no font and no picture from elsewhere."""

STYLE = """
:root{color-scheme:light dark;--paper:#faf9f6;--card:#fff;--ink:#23272b;--soft:#6b7178;--line:#e4e2dc;--none:#efede8;
--ok:#3f9f72;--partial:#e3b341;--empty:#7fb8dd;--blocked:#c2255c;--disallowed:#5c4b51;--unreachable:#8d949b;
--layout_changed:#d9541e;--wrong_site:#8039a3;--interrupted:#4c6ef5;--held:#2f7d95;--decl:#b4541a}
@media(prefers-color-scheme:dark){:root{--paper:#15181b;--card:#1d2125;--ink:#e3e5e7;--soft:#969da4;--line:#2d3237;
--none:#272c31;--ok:#3d9c70;--partial:#c99a2e;--empty:#5d95ba;--blocked:#e0447a;--disallowed:#a08b92;
--unreachable:#767d85;--layout_changed:#ee6a35;--wrong_site:#a866cc;--interrupted:#748ffc;--held:#55aec8;--decl:#e0854b}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
"PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC","Source Han Sans SC",
"WenQuanYi Zen Hei",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1180px;margin:0 auto;padding:32px 24px 80px}
a{color:inherit;text-decoration-color:var(--line);text-underline-offset:3px}a:hover{text-decoration-color:currentColor}
h1{font-size:28px;font-weight:600;margin:0;letter-spacing:-.01em}
h2{font-size:18px;font-weight:600;margin:0;overflow-wrap:anywhere}h2 small{font-weight:400}
h3{font-size:12px;font-weight:500;color:var(--soft);margin:0 0 6px;display:flex;justify-content:space-between;gap:12px}
h3 b{font-weight:500;color:var(--ink);text-align:right}
p{margin:0}.soft{color:var(--soft)}small{font-size:12px;color:var(--soft)}
.lead{margin:6px 0 24px;color:var(--soft)}
.figures{display:flex;flex-wrap:wrap;gap:12px 40px;margin:0 0 20px}
.figures b{display:block;font-size:26px;font-weight:600;line-height:1.2}
.share{display:flex;height:14px;gap:2px;margin:0 0 10px}.share i{border-radius:3px;min-width:4px}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:0 0 28px;font-size:13px;color:var(--soft)}
.legend i,.badge i{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:6px}
i.ok{background:var(--ok)}i.partial{background:var(--partial)}i.empty{background:var(--empty)}
i.blocked{background:var(--blocked)}i.disallowed{background:var(--disallowed)}
i.unreachable{background:var(--unreachable)}i.layout_changed{background:var(--layout_changed)}
i.wrong_site{background:var(--wrong_site)}i.interrupted{background:var(--interrupted)}i.none{background:var(--none)}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:10px;margin-bottom:40px}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th{font-weight:500;font-size:12px;color:var(--soft);text-align:left;white-space:nowrap}
th,td{padding:7px 12px;border-bottom:1px solid var(--line);vertical-align:baseline}
tr:last-child td{border-bottom:0}.n{text-align:right;white-space:nowrap}.w{white-space:nowrap}
tr.group td{background:var(--paper);font-size:12px;color:var(--soft);padding:5px 12px}
td:first-child{min-width:11em;max-width:22em;overflow-wrap:anywhere}td a{font-weight:500}
.badge{white-space:nowrap}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:20px 24px 22px;margin:0 0 18px;
content-visibility:auto;contain-intrinsic-size:auto 560px;scroll-margin-top:12px}
.head{display:flex;flex-wrap:wrap;justify-content:space-between;gap:4px 24px;align-items:baseline}
.why{margin:8px 0 0;overflow-wrap:anywhere;font-size:14px}.todo{margin:4px 0 0;font-size:14px;color:var(--soft)}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:20px 32px;margin-top:18px}
.wide{grid-column:1/-1}.tall{grid-row:span 2}
svg{display:block;width:100%}
.cal path{fill:none;stroke-width:.8;stroke-dasharray:.8 .2}#axis text{font-size:.64px;fill:var(--soft)}
#axis path{fill:none;stroke:var(--none);stroke-width:.8;stroke-dasharray:.8 .2}
.cal .none{stroke:var(--none)}.cal .ok{stroke:var(--ok)}.cal .partial{stroke:var(--partial)}
.cal .empty{stroke:var(--empty)}.cal .blocked{stroke:var(--blocked)}.cal .disallowed{stroke:var(--disallowed)}
.cal .unreachable{stroke:var(--unreachable)}.cal .layout_changed{stroke:var(--layout_changed)}
.cal .wrong_site{stroke:var(--wrong_site)}.cal .interrupted{stroke:var(--interrupted)}
.plot{height:116px;border-bottom:1px solid var(--line)}
.plot path{fill:none;vector-effect:non-scaling-stroke}.plot .area{fill:var(--held);opacity:.16}
.plot .held{stroke:var(--held);stroke-width:1.6}.plot .decl{stroke:var(--decl);stroke-width:1.4;stroke-dasharray:4 3}
.plot .bar,.plot .cut{stroke:var(--held);stroke-width:.72;vector-effect:none}.plot .cut{stroke:var(--decl)}
.axis{display:flex;justify-content:space-between;font-size:11px;color:var(--soft);margin-top:3px}
ul{list-style:none;margin:0;padding:0;font-size:13px}
li{display:grid;grid-template-columns:7.5em 1fr 3.6em;gap:10px;align-items:center;line-height:1.75}
li s{text-decoration:none;overflow-wrap:anywhere;line-height:1.3}
li i{height:8px;border-radius:2px;background:linear-gradient(var(--held) 0 0) 0/calc(var(--a)*100%) 100% no-repeat
var(--none);position:relative}
li i[style*="--r"]::after{content:"";position:absolute;left:calc(var(--r)*100% - 1px);top:-3px;bottom:-3px;width:2px;
background:var(--decl)}
li u{text-decoration:none;text-align:right;color:var(--soft)}
.fails i{background-image:linear-gradient(var(--decl) 0 0)}
@media print{section{break-inside:avoid;content-visibility:visible}}
@media(max-width:640px){main{padding:20px 12px}section{padding:16px}.cal{min-width:560px}.wide{overflow-x:auto}}
"""
