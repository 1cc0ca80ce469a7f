using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tasks;

/// <summary>The containers of this shim, by id: those that exist, and the ids of those being created.</summary>
internal sealed class TaskTable
{
    private readonly Dictionary<string, ContainerTask> _tasks = [];
    private readonly HashSet<string> _reserved = [];

    public IReadOnlyCollection<ContainerTask> All => _tasks.Values;

    /// <summary>Nothing exists and nothing is being created: the shim has no reason to live.</summary>
    public bool IsEmpty => _tasks.Count == 0 && _reserved.Count == 0;

    /// <summary>There is or was a container: not only attempts to create one.</summary>
    public bool HasHadAny { get; private set; }

    /// <summary>Somebody wanted the shim to end while it could not: see <see cref="TaskShutdown"/>.</summary>
    public bool ShutdownRefused { get; set; }

    /// <summary>How many bytes of output of deleted processes nobody has got, since the shim began.</summary>
    public long UndeliveredBytes { get; set; }

    /// <summary>The last container is gone, or the last attempt to create one has failed.</summary>
    public event Action? Emptied;

    /// <summary>No container is being created and no process being changed.</summary>
    public bool IsQuiet
    {
        get
        {
            foreach (ContainerTask task in _tasks.Values)
            {
                if (!task.IsQuiet)
                {
                    return false;
                }
            }

            return _reserved.Count == 0;
        }
    }

    /// <exception cref="RpcException">NotFound: no such container.</exception>
    public ContainerTask Get(string id) => Find(id) ?? throw RpcException.NotFound("container not created");

    public ContainerTask? Find(string id) => _tasks.GetValueOrDefault(id);

    /// <summary>Keeps <paramref name="id"/> for a container that is being created, until the result is disposed.</summary>
    /// <exception cref="RpcException">AlreadyExists.</exception>
    public Reservation Reserve(string id)
    {
        if (_tasks.ContainsKey(id) || !_reserved.Add(id))
        {
            throw RpcException.AlreadyExists($"task {id}");
        }

        return new Reservation(this, id);
    }

    public void Add(ContainerTask task)
    {
        _tasks.Add(task.Id, task);
        HasHadAny = true;
    }

    public void Remove(ContainerTask task)
    {
        _tasks.Remove(task.Id);
        TellIfEmpty();
    }

    /// <summary>Raises <see cref="Emptied"/> where nothing is left.</summary>
    public void TellIfEmpty()
    {
        if (IsEmpty)
        {
            Emptied?.Invoke();
        }
    }

    private void Release(string id)
    {
        _reserved.Remove(id);
        TellIfEmpty();
    }

    internal readonly struct Reservation(TaskTable table, string id) : IDisposable
    {
        public void Dispose() => table.Release(id);
    }
}
