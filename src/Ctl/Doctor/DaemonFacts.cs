using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Client;
using ShimStack.Ctl.Connection;

namespace ShimStack.Ctl.Doctor;

/// <summary>What a daemon says, of all its namespaces; or why it says nothing.</summary>
internal sealed record DaemonFacts
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Why it does not answer; null if it does.</summary>
    public string? Problem { get; init; }

    public string Version { get; init; } = "";

    /// <summary>Of its process, if that is among those that are seen here.</summary>
    public int? Pid { get; init; }

    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>"NAMESPACE/ID" of each.</summary>
    public IReadOnlySet<string> Containers { get; init; } = new HashSet<string>();

    /// <summary>"NAMESPACE/ID" of those that have a task, with its pid.</summary>
    public IReadOnlyDictionary<string, int> Tasks { get; init; } = new Dictionary<string, int>();

    public bool Answers => Problem is null;

    public static async Task<DaemonFacts> AskAsync(DaemonClient client, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            return await ReadAsync(client, limit.Token);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled && !cancellation.IsCancellationRequested)
        {
            string problem = $"the daemon at {client.Address} has not answered within {Patience.TotalSeconds} s";
            return new DaemonFacts { Problem = problem + "; look into its log for what it waits for" };
        }
        catch (RpcException e)
        {
            return new DaemonFacts { Problem = CallErrors.Sentence(e, client.Address) };
        }
    }

    private static async Task<DaemonFacts> ReadAsync(DaemonClient client, CancellationToken cancellation)
    {
        VersionResponse version = await client.Version.VersionAsync(new Empty(), cancellationToken: cancellation);
        ServerResponse? server = await client.TryServerAsync(cancellation);
        bool isSeen = server is { Pid: > 0 } && server.Pidns == Native.Files.Files.Status("/proc/self/ns/pid").Inode;
        ListNamespacesResponse namespaces = await client.Namespaces.ListAsync(new ListNamespacesRequest(), cancellationToken: cancellation);
        HashSet<string> containers = [];
        Dictionary<string, int> tasks = [];
        foreach (string space in namespaces.Namespaces.Select(space => space.Name))
        {
            using DaemonClient inside = new(client.Address, space);
            ListContainersResponse all = await inside.Containers.ListAsync(new ListContainersRequest(), cancellationToken: cancellation);
            containers.UnionWith(all.Containers.Select(container => $"{space}/{container.Id}"));
            ListTasksResponse running = await inside.Tasks.ListAsync(new ListTasksRequest(), cancellationToken: cancellation);
            foreach (Api.Types.Process task in running.Tasks)
            {
                tasks[$"{space}/{task.Id}"] = (int)task.Pid;
            }
        }

        return new DaemonFacts
        {
            Version = version.Version,
            Pid = isSeen ? (int)server!.Pid : null,
            Namespaces = [.. namespaces.Namespaces.Select(space => space.Name)],
            Containers = containers,
            Tasks = tasks,
        };
    }
}
