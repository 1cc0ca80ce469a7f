using System.Globalization;
using ShimStack.Drill.Record;
using ShimStack.Drill.Running;
using ShimStack.Drill.Watching;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Steps;

/// <summary>SIGKILL for the program that takes the output of a container: what it had in hand, and what follows, is lost; the container goes on.</summary>
internal sealed record KillLogger(string Name) : IStep
{
    private static readonly TimeSpan BeginLimit = TimeSpan.FromSeconds(20);

    public string Text => $"SIGKILL to the logger of {Name}";

    public async Task RunAsync(DrillStage stage, CancellationToken stop)
    {
        string file = LoggerProgram.PidFileOf(stage.Target.Places, Name);
        using FileWatch begun = new(stage.Loop, stage.Target.Places.Output, file, exists: true);
        await begun.Seen.WaitAsync(BeginLimit, stop);
        int pid = int.Parse(await File.ReadAllTextAsync(file, stop), CultureInfo.InvariantCulture);
        stage.Record.Note(EntryKind.Done, Name, $"SIGKILL to its logger, process {pid}", _ => stage.Fleet.Subject(Name).LosesOutput = true);
        ProcessSignals.Send(pid, (int)Signal.SIGKILL);
    }
}
