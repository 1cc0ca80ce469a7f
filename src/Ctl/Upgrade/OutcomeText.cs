using System.Globalization;
using System.Text.Json;
using ShimStack.Api.Upgrades;

namespace ShimStack.Ctl.Upgrade;

/// <summary>What came of an upgrade, for people and for programs.</summary>
internal static class OutcomeText
{
    /// <summary>One sentence.</summary>
    public static string Sentence(uint pid, Outcome outcome) => outcome.Failure.Length == 0
        ? $"upgraded from {Name(outcome.From)} to {Name(outcome.To)}: same process {pid}, no answer for {Milliseconds(outcome)} ms"
        : $"{Name(outcome.To)} could not serve, and {Name(outcome.From)} serves again in the same process {pid}, "
            + $"after {Milliseconds(outcome)} ms without an answer: {outcome.Failure}";

    public static void Write(Utf8JsonWriter writer, uint pid, Outcome outcome)
    {
        writer.WriteStartObject();
        writer.WriteString("id", outcome.Id);
        writer.WriteNumber("pid", pid);
        Write(writer, "from", outcome.From);
        Write(writer, "to", outcome.To);
        writer.WriteBoolean("upgraded", outcome.Failure.Length == 0);
        writer.WriteString("failure", outcome.Failure.Length == 0 ? null : outcome.Failure);
        writer.WriteNumber("silenceMilliseconds", Math.Round(outcome.Silence.ToTimeSpan().TotalMilliseconds, 1));
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, Build build)
    {
        writer.WriteStartObject(name);
        writer.WriteString("version", build.Version);
        writer.WriteString("path", build.Path);
        writer.WriteEndObject();
    }

    private static string Name(Build build) => $"{build.Version} ({build.Path})";

    private static string Milliseconds(Outcome outcome) => ((long)outcome.Silence.ToTimeSpan().TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
