using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.SystemTests.Soak.Plan;

namespace ShimStack.SystemTests.Soak.Walk;

/// <summary>A process of the walk as it is in the world.</summary>
internal sealed class LiveProcess(Stage stage, ProcessModel model, Container container) : IDisposable
{
    public string Name { get; } = model.Name;

    public Container Container => container;

    public string Exec => model.Exec;

    /// <summary>Its name in events.</summary>
    public string Id { get; } = model.IsInit ? model.Container : model.Exec;

    public int Pid { get; private set; }

    /// <summary>With the pid it says that a process is still the same.</summary>
    public long StartTime { get; private set; }

    public WorkerFiles Worker { get; } = new(stage, model.Name);

    public OutputReader Output { get; } = new(Path.Combine(stage.Directory, model.Name), model.Name);

    public WaitWatch Wait { get; } = new(container, model.Exec);

    /// <summary>Between when and when it was seen to end; null before.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? Ended { get; set; }

    /// <summary>Its reader came back when everything was read and the stream closed: there is no end to be seen any more.</summary>
    public bool WasReadAfterItsEnd { get; set; }

    /// <summary>Everybody was told of its end, and it was true.</summary>
    public bool IsSettled { get; set; }

    /// <summary>The first event log in which its events may be.</summary>
    public int FirstLog { get; init; }

    public bool Exists => ProcessTable.StartTime(Pid) == StartTime && StartTime != 0;

    public void Found(int pid) => (Pid, StartTime) = (pid, ProcessTable.StartTime(pid));

    public void Dispose()
    {
        Output.Dispose();
        Worker.Dispose();
    }
}
