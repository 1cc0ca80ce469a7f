using System.Globalization;
using System.Text;
using ShimStack.Bench.Measuring;

namespace ShimStack.Bench.Reporting;

/// <summary>docs/performance.md: the table for readers, generated from one run.</summary>
internal static class PerformancePage
{
    /// <param name="machine">Where it was measured.</param>
    /// <param name="contenders">The shims, ours first.</param>
    /// <param name="alone">What was measured without one.</param>
    /// <param name="chart">File name of the chart beside the page.</param>
    internal static string Write(MachineFacts machine, IReadOnlyList<Samples> contenders, Samples alone, string chart)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Performance

            Written by `./build.sh bench --record` on {machine.TakenAt[..10]}: {machine.Line}.
            Ours beside Debian's `containerd-shim-runc-v2` of containerd {string.Join(" and ", contenders.Skip(1).Select(c => c.Contender))}, in one run,
            in turns, with the same runc, /run on a tmpfs. Median, and the 95th percentile in brackets; MB and KB are decimal.
            {ReportTable.Summary(contenders)}.

            ![ratios]({chart})


            """);
        string[] ratios = [.. contenders.Skip(1).Select(c => $"÷ {c.Contender}")];
        Table(text, ["", .. contenders.Select(c => c.Contender), .. ratios, "target"], ReportRow.All(contenders));
        text.AppendLine().AppendLine("The same steps without any shim, in the same run:").AppendLine();
        Table(text, ["", "median"], ReportRow.Alone(alone));
        text.AppendLine().Append(Method);
        return text.ToString();
    }

    private const string Method = """
        How it is measured: `tests/Bench`, a phase a file. A driver speaks ttrpc to the shims as a daemon does; `ctr run` and the 200 containers go
        through a containerd of the version that the reference came with. Writers and readers of bulk output are programs in C (`tests/Probe/meter.c`,
        busybox's dd). "Alone" is runc called with the arguments, variables, streams and cgroup parent that the shim gives it. CPU of a shim is that of
        its server, without the runtime; for the 200 containers with its start action. Wake-ups are the mean of all shims' voluntary context switches in
        15 s, 5 s after the last start, told per minute. Rows of a "daemon" have shimstackd in the place of ours, and the containerd of that version, both
        with our shim below, but where each has its own. What a daemon can win of a `ctr run` with the same shim: docs/decisions.md. A start is
        timed from the exec to the answer of a bare HTTP/2 request for the
        version: the first call of a whole gRPC client takes longer, whichever daemon answers it.

        """;

    private static void Table(StringBuilder text, IReadOnlyList<string> heads, IReadOnlyList<ReportRow> rows)
    {
        text.AppendLine($"| {string.Join(" | ", heads)} |");
        text.AppendLine($"|{string.Concat(heads.Select((_, i) => i == 0 ? "---|" : "---:|"))}");
        bool hasTargets = heads[^1] == "target";
        foreach (ReportRow row in rows)
        {
            string targets = string.Join("<br>", row.Targets.Select(target => $"{target.Text} {Mark(target)}"));
            string[] cells = [row.Name, .. row.Cells.Select(Cell), .. row.Ratios, .. hasTargets ? [targets] : Array.Empty<string>()];
            text.AppendLine($"| {string.Join(" | ", cells)} |");
        }
    }

    private static string Cell(ReportCell cell) => cell.Tail == "-" ? cell.Median : $"{cell.Median} ({cell.Tail})";

    private static string Mark(ReportTarget target) => target.Verdict == Verdict.Missed ? "**missed**" : target.Outcome;
}
