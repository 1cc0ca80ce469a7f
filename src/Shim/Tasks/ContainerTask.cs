using ShimStack.Api.Runc;
using ShimStack.Shim.Runtime;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>One container: its init, its execs, and how its runtime is called.</summary>
internal sealed class ContainerTask(string id, string bundle, Options options, IOciRuntime runtime, TaskProcess init)
{
    private readonly Dictionary<string, TaskProcess> _execs = [];
    private int _runningExecs;
    private TaskCompletionSource? _execsEnded;

    public string Id => id;

    public string Bundle => bundle;

    public Options Options => options;

    public IOciRuntime Runtime => runtime;

    public TaskProcess Init => init;

    /// <summary>Whether Create mounted a root filesystem that Delete has to unmount.</summary>
    public bool RootfsMounted { get; init; }

    /// <summary>Where its processes are counted; null when it could not be found.</summary>
    public ContainerCgroup? Cgroup { get; init; }

    /// <summary>Init has been reaped: no exec starts any more, even while its exit is not announced yet.</summary>
    public bool InitReaped { get; set; }

    public IReadOnlyDictionary<string, TaskProcess> Execs => _execs;

    /// <summary>The init for an empty <paramref name="execId"/>, else that exec.</summary>
    /// <exception cref="RpcException">NotFound: there is no such exec.</exception>
    public TaskProcess Process(string execId)
    {
        if (execId.Length == 0)
        {
            return init;
        }

        return _execs.TryGetValue(execId, out TaskProcess? exec)
            ? exec
            : throw RpcException.NotFound($"process does not exist {execId}");
    }

    /// <exception cref="RpcException">AlreadyExists: the id is in use.</exception>
    public void AddExec(TaskProcess exec)
    {
        if (!_execs.TryAdd(exec.Id, exec))
        {
            throw RpcException.AlreadyExists($"id {exec.Id}");
        }
    }

    public void RemoveExec(TaskProcess exec) => _execs.Remove(exec.Id);

    /// <summary>An exec begins to start: the init's exit is announced only after the exec's.</summary>
    public void ExecBegins() => _runningExecs++;

    /// <summary>An exec's exit has been announced, or its start has failed.</summary>
    public void ExecEnded()
    {
        if (--_runningExecs == 0)
        {
            _execsEnded?.TrySetResult();
        }
    }

    /// <summary>Ends when no exec runs. Called once, after <see cref="InitReaped"/> is set, so that none can begin any more.</summary>
    public Task ExecsEndedAsync()
    {
        if (_runningExecs == 0)
        {
            return Task.CompletedTask;
        }

        _execsEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _execsEnded.Task;
    }
}
