using System.Collections.Concurrent;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tasks;

/// <summary>All tasks, by namespace and id.</summary>
internal sealed class TaskTable
{
    private readonly ConcurrentDictionary<(string Namespace, string Id), SupervisedTask> _tasks = new();

    /// <summary>Number of tasks.</summary>
    public int Count => _tasks.Count;

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<SupervisedTask> All => _tasks.Values;

    /// <summary>Takes a task up.</summary>
    /// <exception cref="RpcException">AlreadyExists: there is one of that id.</exception>
    public void Add(SupervisedTask task)
    {
        if (!_tasks.TryAdd((task.Namespace, task.Id), task))
        {
            throw RpcException.AlreadyExists($"task {task.Id}: already exists");
        }
    }

    /// <exception cref="RpcException">NotFound: there is no such task.</exception>
    public SupervisedTask Get(string nameSpace, string id) =>
        Find(nameSpace, id) ?? throw RpcException.NotFound($"task {id} not found: not found");

    /// <summary>The task of that id; null if there is none.</summary>
    public SupervisedTask? Find(string nameSpace, string id) => _tasks.GetValueOrDefault((nameSpace, id));

    /// <summary>Whether there is a task of that id.</summary>
    public bool Contains(string nameSpace, string id) => _tasks.ContainsKey((nameSpace, id));

    /// <summary>The tasks of one namespace.</summary>
    public List<SupervisedTask> Of(string nameSpace)
    {
        List<SupervisedTask> tasks = [];
        foreach (((string space, _), SupervisedTask task) in _tasks)
        {
            if (space == nameSpace)
            {
                tasks.Add(task);
            }
        }

        return tasks;
    }

    /// <summary>Forgets a task, if it is still this one that has the id.</summary>
    public void Remove(SupervisedTask task) => _tasks.TryRemove(new KeyValuePair<(string, string), SupervisedTask>((task.Namespace, task.Id), task));
}
