using System.Globalization;
using System.Text.Json;
using ShimStack.Api.Control;

namespace ShimStack.Ctl.Upgrade;

/// <summary>What came of the upgrade of a shim, for people and for programs: a line each.</summary>
internal static class ShimOutcomeText
{
    public static string Line(ShimUpgradeOutcome outcome)
    {
        (UpgradeStatus upgrade, string id) = (outcome.Upgrade, outcome.Shim.Id);
        string pause = Pause(upgrade).ToString(CultureInfo.InvariantCulture);
        return upgrade.Failure.Length > 0
            ? $"{id}: not upgraded: {upgrade.Failure}"
            : $"{id}: upgraded from {upgrade.From} to {upgrade.To}: same process {outcome.Shim.Pid}, nothing moved for {pause} ms";
    }

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
