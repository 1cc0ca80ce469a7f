using Google.Protobuf;
using ShimStack.Api.Runc;
using ShimStack.Shim.Cgroups;
using ShimStack.Shim.Events;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.State;
using ShimStack.Shim.Stdio;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>One container: its init, its execs, and how its runtime is called.</summary>
internal sealed class ContainerTask(string id, string bundle, Options options, IOciRuntime runtime, TaskProcess init)
{
    /// <summary>Where in the bundle the runtime writes the pid of init.</summary>
    public const string PidFileName = "init.pid";

    /// <summary>The daemon's folder on disk for the container of a bundle, behind a link that it makes. Contract chapter 1.10.</summary>
    public static string WorkOf(string bundle) => Path.Join(bundle, "work");

    private readonly Dictionary<string, TaskProcess> _execs = [];
    private int _runningExecs;
    private TaskCompletionSource? _execsEnded;
    private TaskCompletionSource? _initEnds;

    public string Id => id;

    public string Bundle => bundle;

    public Options Options => options;

    public IOciRuntime Runtime => runtime;

    public TaskProcess Init => init;

    /// <summary>Whether Create mounted a root filesystem that Delete has to unmount.</summary>
    public bool RootfsMounted { get; init; }

    /// <summary>Where its processes are counted; null when it could not be found.</summary>
    public ContainerCgroup? Cgroup { get; set; }

    /// <summary>Tells of out-of-memory kills, from the creation of init to its exit.</summary>
    public OomWatch? OomWatch { get; set; }

    /// <summary>Where a container that is not made anew comes from: its Start restores it.</summary>
    public RestoreSource? Checkpoint { get; init; }

    /// <summary>How init ended, from the moment it was reaped; announced only when the last exec's exit has been.</summary>
    public ExitStatus? ReapedInit
    {
        get;
        set
        {
            field = value;
            _initEnds?.TrySetResult();
        }
    }

    /// <summary>Ends when the init has been reaped, before that is told to anybody.</summary>
    public Task InitEnds => InitReaped ? Task.CompletedTask : (_initEnds ??= new TaskCompletionSource()).Task;

    /// <summary>Init has been reaped: no exec starts any more, even while its exit is not announced yet.</summary>
    public bool InitReaped => ReapedInit is not null;

    public IReadOnlyDictionary<string, TaskProcess> Execs => _execs;

    /// <summary>The init, then the execs.</summary>
    public IEnumerable<TaskProcess> Processes
    {
        get
        {
            yield return init;
            foreach (TaskProcess exec in _execs.Values)
            {
                yield return exec;
            }
        }
    }

    /// <summary>How events name the exit of one of its processes.</summary>
    public ExitSubject SubjectOf(TaskProcess process) => new(id, ReferenceEquals(process, init) ? string.Empty : process.Id);

    /// <summary>The process that an exit names; null when it was deleted.</summary>
    public TaskProcess? Find(ExitSubject exit) => exit.Exec.Length == 0 ? init : _execs.GetValueOrDefault(exit.Exec);

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

    /// <summary>The exec with that pid; null if it is none of them.</summary>
    public TaskProcess? ExecOf(int pid)
    {
        foreach (TaskProcess exec in _execs.Values)
        {
            if (exec.Pid == pid)
            {
                return exec;
            }
        }

        return null;
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

    /// <summary>Tells all that is known of it. No operation may be under way.</summary>
    public TaskRecord PutDown(Inheritance left)
    {
        left.Stops(() => OomWatch?.Dispose());
        TaskRecord record = new() { Id = id };
        Describe(record);
        record.Init = init.PutDown(left);
        foreach (TaskProcess exec in _execs.Values)
        {
            record.Execs.Add(exec.PutDown(left));
        }

        return record;
    }

    /// <summary>The same with one of its processes only: without the others, and of an exec without the rest of the container.</summary>
    public TaskRecord PutDown(TaskProcess process, Inheritance left)
    {
        TaskRecord record = new() { Id = id };
        if (ReferenceEquals(process, init))
        {
            Describe(record);
            record.Init = init.PutDown(left);
        }
        else
        {
            record.Bundle = bundle;
            record.Execs.Add(process.PutDown(left));
        }

        return record;
    }

    private void Describe(TaskRecord record)
    {
        record.Bundle = bundle;
        record.Options = options.ToByteString();
        record.RootfsMounted = RootfsMounted;
        record.Cgroup = Cgroup?.ToRecord();
        record.ReapedInit = ReapedInit?.ToRecord();
        record.Checkpoint = Checkpoint?.ToRecord();
    }

    /// <summary>The container that <see cref="PutDown(Inheritance)"/> told of; its streams are not moving and its exits not followed yet.</summary>
    public static ContainerTask PickUp(StdioContext context, RuntimeFactory runtimes, TaskRecord record)
    {
        Options options = Options.Parser.ParseFrom(record.Options);
        IOciRuntime runtime = runtimes(options, record.Bundle);
        ContainerTask task = new(record.Id, record.Bundle, options, runtime, TaskProcess.PickUp(context, record.Init))
        {
            RootfsMounted = record.RootfsMounted,
            Cgroup = ContainerCgroup.From(record.Cgroup),
            Checkpoint = RestoreSource.From(record.Checkpoint),
            ReapedInit = record.ReapedInit is null ? null : ExitStatus.From(record.ReapedInit),
        };
        foreach (ProcessRecord execRecord in record.Execs)
        {
            TaskProcess exec = TaskProcess.PickUp(context, execRecord);
            task.AddExec(exec);
            task._runningExecs += exec.State == ProcessState.Running ? 1 : 0;
        }

        return task;
    }

    /// <summary>Begins to move the bytes of a container that was picked up.</summary>
    public void StartStreams()
    {
        foreach (TaskProcess process in Processes)
        {
            process.Stdio?.Start();
        }
    }

    /// <summary>Whether no operation changes one of its processes now, and no exec's end waits for its output to be read.</summary>
    public bool IsQuiet
    {
        get
        {
            foreach (TaskProcess process in Processes)
            {
                if (process.Gate.IsHeld || process is { IsReaped: true, Exit: null })
                {
                    return false;
                }
            }

            return true;
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
