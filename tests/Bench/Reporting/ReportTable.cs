using System.Text;
using ShimStack.Bench.Measuring;

namespace ShimStack.Bench.Reporting;

/// <summary>The table for a terminal.</summary>
internal static class ReportTable
{
    private const int NameWidth = 56;
    private const int NumberWidth = 9;

    /// <param name="contenders">The shims, ours first.</param>
    /// <param name="alone">What was measured without one.</param>
    internal static string Write(IReadOnlyList<Samples> contenders, Samples alone)
    {
        var text = new StringBuilder();
        Header(text, contenders);
        foreach (ReportRow row in ReportRow.All(contenders))
        {
            Line(text, row, contenders.Count);
        }

        text.AppendLine().AppendLine("without a shim, same run");
        foreach (ReportRow row in ReportRow.Alone(alone))
        {
            Line(text, row, contenders.Count);
        }

        return text.AppendLine().AppendLine(Summary(contenders)).ToString();
    }

    /// <summary>How many targets were met.</summary>
    internal static string Summary(IReadOnlyList<Samples> contenders)
    {
        ILookup<Verdict, Target> verdicts = Targets.All.ToLookup(target => target.Judge(contenders));
        return $"targets: {Count(Verdict.Met)} met, {Count(Verdict.Missed)} missed, {Count(Verdict.NotMeasured)} not measured";

        int Count(Verdict verdict) => verdicts[verdict].Count();
    }

    private static void Header(StringBuilder text, IReadOnlyList<Samples> contenders)
    {
        text.Append("".PadRight(NameWidth));
        foreach (Samples contender in contenders)
        {
            text.Append(contender.Contender.PadLeft(2 * NumberWidth));
        }

        text.AppendLine("   ratio to").Append("".PadRight(NameWidth));
        foreach (Samples _ in contenders)
        {
            text.Append("median".PadLeft(NumberWidth)).Append("p95".PadLeft(NumberWidth));
        }

        foreach (Samples other in contenders.Skip(1))
        {
            text.Append(other.Contender.PadLeft(NumberWidth));
        }

        text.AppendLine("   target");
    }

    private static void Line(StringBuilder text, ReportRow row, int contenders)
    {
        text.Append(row.Name.PadRight(NameWidth));
        foreach (ReportCell cell in row.Cells)
        {
            text.Append(cell.Median.PadLeft(NumberWidth)).Append(cell.Tail.PadLeft(NumberWidth));
        }

        foreach (string ratio in row.Ratios)
        {
            text.Append(ratio.PadLeft(NumberWidth));
        }

        string targets = string.Join("; ", row.Targets.Select(target => $"{target.Text} {target.Outcome}"));
        text.AppendLine(targets.Length > 0 ? $"   {targets}" : "");
    }
}
