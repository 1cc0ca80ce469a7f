using Grpc.Core;
using Grpc.Net.Client;
using ShimStack.Wire;
using ShimStack.Wire.Tasks;

namespace ShimStack.Bench.Daemons;

/// <summary>A daemon's gRPC API over its unix socket, in one namespace.</summary>
internal sealed class DaemonApi : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(2);

    private readonly GrpcChannel _channel;

    internal DaemonApi(string socket, string containerdNamespace)
    {
        _channel = DaemonChannel.Open(socket);
        CallInvoker invoker = DaemonChannel.InNamespace(_channel, containerdNamespace);
        Tasks = new Tasks.TasksClient(invoker);
        Version = new Wire.Version.Version.VersionClient(invoker);
        Containers = new Wire.Containers.Containers.ContainersClient(invoker);
    }

    internal Tasks.TasksClient Tasks { get; }

    internal Wire.Version.Version.VersionClient Version { get; }

    internal Wire.Containers.Containers.ContainersClient Containers { get; }

    /// <summary>Waits until the daemon lists so many running tasks; 0 waits until it answers at all. Throws when its time is over.</summary>
    internal async Task WaitForTasksAsync(int count, TimeSpan limit, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(limit);
        int seen = -1;
        try
        {
            while ((seen = await CountAsync(deadline.Token)) < count)
            {
                await Task.Delay(LookAgain, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"the daemon lists {seen} running tasks after {limit}, not {count}");
        }
    }

    public void Dispose() => _channel.Dispose();

    // -1 while it does not answer.
    private async Task<int> CountAsync(CancellationToken cancellation)
    {
        try
        {
            ListTasksResponse tasks = await Tasks.ListAsync(new ListTasksRequest(), cancellationToken: cancellation);
            return tasks.Tasks.Count(task => task.Status == Wire.Tasks.Status.Running);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Unimplemented or StatusCode.Internal)
        {
            return -1; // not yet: no socket, or services that are not registered
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled)
        {
            cancellation.ThrowIfCancellationRequested();
            throw;
        }
    }
}
