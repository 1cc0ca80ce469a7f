using System.Globalization;

namespace ShimStack.SystemTests.Soak.Plan;

internal enum DaemonState
{
    Up,
    Frozen,
    Dead,
}

/// <summary>
/// The world as it must be after the steps so far. It knows nothing of time and of the real world, so it can say both what may come next (the
/// plan) and what must be true now (the checks).
/// </summary>
internal sealed class WalkModel
{
    private readonly SortedDictionary<string, ContainerModel> _containers = new(StringComparer.Ordinal);
    private int _names;

    public DaemonState Daemon { get; private set; }

    public IReadOnlyCollection<ContainerModel> Containers => _containers.Values;

    public IEnumerable<ProcessModel> Processes => _containers.Values.SelectMany(static container => container.Processes);

    /// <summary>The name that a new run of a free container has; null when there are enough.</summary>
    public string? NextContainer()
    {
        string? id = Enumerable.Range(1, WalkLimits.Containers).Select(static n => $"c{n}").FirstOrDefault(id => !_containers.ContainsKey(id));
        return id is null ? null : $"{id}-{NextNumber}";
    }

    /// <summary>The name of the next exec of a container.</summary>
    public string NextExec(ContainerModel container) => $"{container.Id}-e{NextNumber}";

    public ProcessModel Process(string name) => Processes.Single(process => process.Name == name);

    public ContainerModel ContainerOf(ProcessModel process) => _containers[process.Container];

    public void Apply(Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Create:
                Create(step.Process);
                break;
            case StepKind.CreateWithDyingRuntime or StepKind.CreateWithDyingDaemon:
                _names++;
                break;
            case StepKind.AddExec:
                AddExec(step.Process);
                break;
            case StepKind.KillDaemon:
                Daemon = DaemonState.Dead;
                break;
            case StepKind.FreezeDaemon:
                Daemon = DaemonState.Frozen;
                break;
            case StepKind.StartDaemon or StepKind.ThawDaemon:
                Daemon = DaemonState.Up;
                break;
            case StepKind.Pass or StepKind.ExecBurst or StepKind.ExecBurstWithDyingDaemon or StepKind.WrongCall:
                break;
            default:
                Apply(step, Process(step.Process));
                break;
        }
    }

    private string NextNumber => (_names + 1).ToString(CultureInfo.InvariantCulture);

    private void Create(string name)
    {
        _names++;
        ProcessModel init = new(name, IdOf(name), "");
        _containers.Add(init.Container, new ContainerModel(init));
    }

    private void AddExec(string name)
    {
        _names++;
        string id = IdOf(name);
        _containers[id].Execs.Add(new ProcessModel(name, id, name[(id.Length + 1)..]));
    }

    public static string IdOf(string name) => name[..name.IndexOf('-', StringComparison.Ordinal)];

    private void Apply(Step step, ProcessModel process)
    {
        ContainerModel container = ContainerOf(process);
        switch (step.Kind)
        {
            case StepKind.Start:
                process.Life = Life.Running;
                break;
            case StepKind.Write:
                process.Lines += step.Number;
                process.Unread += process.IsRead && !container.IsPaused ? 0 : step.Number;
                break;
            case StepKind.Exit:
                container.End(process, step.Number);
                break;
            case StepKind.Kill or StepKind.KillFromOutside:
                container.End(process, CodeOf(step));
                break;
            case StepKind.Pause:
                container.Pause();
                break;
            case StepKind.Resume:
                container.Resume();
                break;
            case StepKind.ReaderLeaves or StepKind.ReaderStops or StepKind.ReaderSlows or StepKind.ReaderReturns:
                MoveReader(process, step.Kind);
                break;
            case StepKind.Delete:
                Delete(container, process);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(step), step, null);
        }
    }

    // A worker answers a signal by 64 + its number: the proof that it was delivered, and not only the process gone.
    private static int CodeOf(Step step) => step.Number == WalkLimits.SIGKILL ? 128 + WalkLimits.SIGKILL : 64 + step.Number;

    private static void MoveReader(ProcessModel process, StepKind kind)
    {
        process.Reader = kind switch
        {
            StepKind.ReaderLeaves => Reader.Away,
            StepKind.ReaderStops => Reader.Stopped,
            StepKind.ReaderSlows => Reader.Slow,
            _ => Reader.Reads,
        };
        process.Unread = process.IsRead ? 0 : process.Unread;
    }

    private void Delete(ContainerModel container, ProcessModel process)
    {
        if (process.IsInit)
        {
            _containers.Remove(container.Id);
        }
        else
        {
            container.Execs.Remove(process);
        }
    }
}
