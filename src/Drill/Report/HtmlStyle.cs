namespace ShimStack.Drill.Report;

/// <summary>How the page looks. No character in it that XML would want escaped.</summary>
internal static class HtmlStyle
{
    public const string Text =
        """

        :root { color-scheme: light dark; --back: #fff; --text: #1c2024; --soft: #6a7178; --line: #d9dde1; --good: #1a7f37; --bad: #c4262e; --up: #7fc89a; --down: #c9ced3;
          --frozen: #7fb2e5; --away: #e5a23c; --beat: #5b8def; --gap: #c4262e; --paused: #b48ad9; --event: #d98c00; --exit: #1c2024; }
        @media (prefers-color-scheme: dark) { :root { --back: #14171a; --text: #e3e6e8; --soft: #98a0a7; --line: #31373d; --good: #4ac26b; --bad: #ff6b6b; --up: #2f7d4c; --down: #4a5158;
          --frozen: #3d75ad; --away: #b9791a; --beat: #3f6fd1; --gap: #ff6b6b; --paused: #8758b8; --event: #f0b040; --exit: #e3e6e8; } }
        body { background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 2em auto; padding: 0 1em; }
        h1, h2, h3 { line-height: 1.2; }
        table { border-collapse: collapse; margin: 1em 0; } th, td { text-align: left; padding: .3em .9em .3em 0; border-bottom: 1px solid var(--line); }
        a { color: inherit; } .good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; } .note, .legend { color: var(--soft); }
        .violated { border-left: 4px solid var(--bad); padding-left: 1em; margin: 1em 0; } dt { color: var(--soft); } dd { margin: 0 0 .4em; }
        pre { overflow-x: auto; font-size: 12px; border: 1px solid var(--line); padding: .7em; } .swatch { width: 14px; height: 10px; margin: 0 .3em 0 .8em; }
        svg.timeline, svg.histogram { width: 100%; height: auto; } .label { font-size: 10px; fill: var(--text); } .tick { font-size: 9px; fill: var(--soft); } .grid { stroke: var(--line); stroke-width: .5; }
        .daemon.up, .api.up { fill: var(--up); } .daemon.down { fill: var(--down); } .daemon.frozen { fill: var(--frozen); } .api.away { fill: var(--away); } .beat, .bar { fill: var(--beat); }
        .gap { fill: var(--gap); } .paused { fill: var(--paused); } .event { fill: var(--event); } .exit { fill: var(--exit); } .violation { fill: var(--bad); stroke: var(--back); }

        """;
}
