using ShimStack.Drill.Record;
using ShimStack.Drill.Scenarios;
using ShimStack.Drill.Tests.Invariants;

namespace ShimStack.Drill.Tests.Report;

/// <summary>Drills to be reported.</summary>
internal static class Drills
{
    public const string Nasty = "<script>alert(\"1 & 2\")</script> \u0001\ud800 ]]>";

    public static DrillResult Good() => Of(new HonestRecord().Record);

    /// <summary>Two violations, with words that must be escaped.</summary>
    public static DrillResult Bad()
    {
        HonestRecord honest = new();
        honest.Running.Pauses.Add(new(HonestRecord.At(2).Nanoseconds, HonestRecord.At(3).Nanoseconds));
        honest.Running.Output.Beats.Add(HonestRecord.At(7).Nanoseconds);
        honest.Record.Calls.Add(TimeSpan.FromMilliseconds(3));
        honest.Record.Violations.Add(new("codes", "ends", 2, HonestRecord.At(6), "7", Nasty, ["first line", Nasty]));
        honest.Record.Violations.Add(new("leaks", "machine", 2, HonestRecord.At(7), "no mount is left", "/tmp/x", []));
        return Of(honest.Record);
    }

    private static DrillResult Of(DrillRecord record)
    {
        record.Steps.Add(new StepMark(1, "start the daemon", HonestRecord.At(0)));
        record.Note(EntryKind.Step, "", "step 1");
        DrillSettings settings = new()
        {
            Plan = new PlanSettings(4, 71, TimeSpan.FromSeconds(5)),
            Target = "shimstack",
            Daemon = "/bin/d",
            Shim = "/bin/s",
        };
        return new DrillResult(settings, HonestRecord.At(0).Wall,
            [new ScenarioResult("sigkill", record, 1, TimeSpan.FromSeconds(9.5), null)]);
    }
}
