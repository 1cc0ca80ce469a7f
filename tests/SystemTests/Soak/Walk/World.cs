using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Soak.Plan;

namespace ShimStack.SystemTests.Soak.Walk;

/// <summary>What there is in reality of what the <see cref="WalkModel"/> says.</summary>
internal sealed class World(Stage stage) : IDisposable
{
    private readonly Dictionary<string, LiveProcess> _processes = [];

    public Stage Stage => stage;

    public WalkModel Model { get; } = new();

    public ExitEvents Events { get; } = new();

    /// <summary>When the step that is under way began.</summary>
    public DateTimeOffset StepStarted { get; set; }

    /// <summary>How often the daemon was away.</summary>
    public int Outages { get; set; }

    /// <summary>The shim of each container, which must stay the same for a run.</summary>
    public Dictionary<string, int> Shims { get; } = [];

    public IEnumerable<LiveProcess> Processes => _processes.Values;

    public LiveProcess Live(ProcessModel process) => _processes[process.Name];

    public LiveProcess Join(ProcessModel process, Container container)
    {
        LiveProcess live = new(stage, process, container) { FirstLog = Events.Current };
        _processes.Add(live.Name, live);
        return live;
    }

    public void Leave(LiveProcess process)
    {
        _processes.Remove(process.Name);
        process.Dispose();
    }

    public void Dispose()
    {
        foreach (LiveProcess process in _processes.Values)
        {
            process.Dispose();
        }

        Events.Dispose();
    }
}
