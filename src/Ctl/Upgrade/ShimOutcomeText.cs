using System.Globalization;
using System.Text.Json;
using ShimStack.Api.Control;

namespace ShimStack.Ctl.Upgrade;

/// <summary>What came of the upgrade of a shim, for people and for programs: a line each.</summary>
internal static class ShimOutcomeText
{
    public static string Line(ShimUpgradeOutcome outcome) => outcome.Upgrade is { Failure.Length: > 0 } failed
        ? $"{outcome.Shim.Id}: not upgraded: {failed.Failure}"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{outcome.Shim.Id}: upgraded from {outcome.Upgrade.From} to {outcome.Upgrade.To}: same process {outcome.Shim.Pid}, nothing moved for {Pause(outcome.Upgrade)} ms");

    public static void Write(Utf8JsonWriter writer, ShimUpgradeOutcome outcome)
    {
        writer.WriteStartObject();
        writer.WriteString("id", outcome.Shim.Id);
        writer.WriteString("namespace", outcome.Shim.Namespace);
        writer.WriteNumber("pid", outcome.Shim.Pid);
        WriteKnown(writer, "from", outcome.Upgrade.From);
        WriteKnown(writer, "to", outcome.Upgrade.To);
        WriteKnown(writer, "path", outcome.Upgrade.Path);
        writer.WriteBoolean("upgraded", outcome.Upgrade.Failure.Length == 0);
        WriteKnown(writer, "failure", outcome.Upgrade.Failure);
        writer.WriteNumber("pauseMilliseconds", Pause(outcome.Upgrade));
        writer.WriteEndObject();
    }

    private static void WriteKnown(Utf8JsonWriter writer, string name, string value) => writer.WriteString(name, value.Length == 0 ? null : value);

    private static double Pause(UpgradeStatus upgrade) => Math.Round(upgrade.PauseUs / 1000.0, 1);
}
