using System.Globalization;
using System.Text;
using ShimStack.Bench.Reporting;

namespace ShimStack.Bench.Scale;

/// <summary>The figures of a full node, a column for each shim.</summary>
internal static class ScaleTable
{
    private const int NameWidth = 52;
    private const int NumberWidth = 12;

    private static readonly (string Name, Func<NodeFigures, double> Value, int Decimals)[] Rows =
    [
        ("containers", f => f.Containers, 0),
        ("started, s", f => f.StartSeconds, 1),
        ("PSS of all shims, MB", f => f.ShimMegabytes, 0),
        ("PSS of a shim, MB", f => f.ShimMegabytes / f.Containers, 2),
        ("private dirty of all shims, MB", f => f.ShimPrivateDirtyMegabytes, 0),
        ("threads of all shims", f => f.ShimThreads, 0),
        ("descriptors of all shims", f => f.ShimDescriptors, 0),
        ("descriptors of containerd", f => f.DaemonDescriptors, 0),
        ("at rest, CPU of all shims, per mille of a processor", f => f.IdleShimPerMille, 2),
        ("at rest, CPU of containerd, per mille", f => f.IdleDaemonPerMille, 2),
        ("at rest, CPU of the whole node, per mille", f => f.IdleNodePerMille, 1),
        ("SIGKILL of containerd until it has them all, s", f => f.RecoverySeconds, 2),
        ("in that time CPU of all shims, s", f => f.RecoveryShimCpuSeconds, 2),
    ];

    /// <param name="figures">Ours first; the ratio is to the last.</param>
    internal static string Write(IReadOnlyList<NodeFigures> figures)
    {
        var text = new StringBuilder("".PadRight(NameWidth));
        foreach (NodeFigures column in figures)
        {
            text.Append(column.Shim.PadLeft(NumberWidth));
        }

        text.AppendLine("ratio".PadLeft(NumberWidth));
        foreach ((string name, Func<NodeFigures, double> value, int decimals) in Rows)
        {
            text.Append(name.PadRight(NameWidth));
            foreach (NodeFigures column in figures)
            {
                text.Append(Cell(value(column), decimals));
            }

            double other = value(figures[^1]);
            text.AppendLine(other > 0 ? Cell(value(figures[0]) / other, 2) : "");
        }

        return text.ToString();
    }

    /// <summary>docs/scale.md: the same for readers.</summary>
    internal static string Page(MachineFacts machine, IReadOnlyList<NodeFigures> figures)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Scale

            Written by `./build.sh bench scale {figures[0].Containers} --record` on {machine.TakenAt[..10]}: {machine.Line}.
            Idle containers under one containerd 2.x, first all by our shim, then all by Debian's of that containerd. PSS, private dirty, descriptors 5 s after the last
            start; CPU at rest in the 20 s after that, in thousandths of one processor.

            |  | {string.Join(" | ", figures.Select(column => column.Shim))} | ratio |
            |---|{string.Concat(figures.Select(_ => "---:|"))}---:|

            """);
        foreach ((string name, Func<NodeFigures, double> value, int decimals) in Rows)
        {
            double other = value(figures[^1]);
            string ratio = other > 0 ? Text(value(figures[0]) / other, 2) : "-";
            text.AppendLine($"| {name} | {string.Join(" | ", figures.Select(column => Text(value(column), decimals)))} | {ratio} |");
        }

        return text.ToString();
    }

    private static string Cell(double value, int decimals) => Text(value, decimals).PadLeft(NumberWidth);

    private static string Text(double value, int decimals) => value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
}
