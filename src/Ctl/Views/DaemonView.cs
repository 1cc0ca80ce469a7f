using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Api.Types;
using ShimStack.Client;
using ShimStack.Ctl.Containers;
using ShimStack.Ctl.Output;
using Status = ShimStack.Api.Types.Status;

namespace ShimStack.Ctl.Views;

/// <summary>A container as its daemon has it.</summary>
internal sealed record DaemonView
{
    /// <summary>Of the daemon; null where it does not say.</summary>
    public int? DaemonPid { get; init; }

    public string Version { get; init; } = "";

    public int Pid { get; init; }

    public string State { get; init; } = "empty";

    public uint? ExitStatus { get; init; }

    public DateTimeOffset? ExitedAt { get; init; }

    /// <summary>As its specification asks for it.</summary>
    public string? Cgroup { get; init; }

    public int? Processes { get; init; }

    public ulong? Memory { get; init; }

    public static async Task<DaemonView> ReadAsync(DaemonClient client, Container container, Process? task, CancellationToken cancellation)
    {
        VersionResponse version = await client.Version.VersionAsync(new Empty(), cancellationToken: cancellation);
        DaemonView view = new()
        {
            DaemonPid = await DaemonPidAsync(client, cancellation),
            Version = version.Version,
            Cgroup = new ContainerLine(container, task).Cgroup,
        };
        if (task is null)
        {
            return view;
        }

        bool hasEnded = task.Status == Status.Stopped;
        return view with
        {
            Pid = (int)task.Pid,
            State = task.Status.ToString().ToLowerInvariant(),
            ExitStatus = hasEnded ? task.ExitStatus : null,
            ExitedAt = hasEnded ? JsonText.Known(task.ExitedAt) : null,
            Processes = hasEnded ? null : await TryAsync(() => ProcessesAsync(client, container.Id, cancellation)),
            Memory = hasEnded ? null : await TryAsync(() => MemoryAsync(client, container.Id, cancellation)),
        };
    }

    /// <summary>
    /// The pid of the daemon, if it sees the pids that we see: the same pid namespace, of the same machine. See pid_namespaces(7).
    /// </summary>
    private static async Task<int?> DaemonPidAsync(DaemonClient client, CancellationToken cancellation)
    {
        ServerResponse? server = await client.TryServerAsync(cancellation);
        ulong ours = Native.Files.Files.Status("/proc/self/ns/pid").Inode;
        return server is { Pid: > 0 } && server.Pidns == ours ? (int)server.Pid : null;
    }

    private static async Task<int?> ProcessesAsync(DaemonClient client, string id, CancellationToken cancellation) =>
        (await client.Tasks.ListPidsAsync(new ListPidsRequest { ContainerId = id }, cancellationToken: cancellation)).Processes.Count;

    private static async Task<ulong?> MemoryAsync(DaemonClient client, string id, CancellationToken cancellation)
    {
        MetricsRequest request = new() { Filters = { $"id=={id}" } };
        MetricsResponse answer = await client.Tasks.MetricsAsync(request, cancellationToken: cancellation);
        return answer.Metrics.FirstOrDefault(metric => metric.Id == id) is Metric metric ? Usage.Of(metric).Memory : null;
    }

    // It may end while we ask: then this is not known.
    private static async Task<T?> TryAsync<T>(Func<Task<T?>> call)
        where T : struct
    {
        try
        {
            return await call();
        }
        catch (RpcException e) when (!ConnectionLoss.Is(e) && e.StatusCode != StatusCode.Cancelled)
        {
            return null;
        }
    }
}
