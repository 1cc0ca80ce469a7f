using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Hosting;
using RpcException = ShimStack.Ttrpc.RpcException;

namespace ShimStack.Supervisor.Introspection;

/// <summary>
/// grpc.health.v1: the daemon as a whole (""), as in containerd, and no service by itself. Who gets an answer gets it from a daemon that serves. Not the class of
/// Grpc.HealthCheck: its stubs keep the descriptors of protobuf in the binary, and with them a megabyte of it.
/// </summary>
internal sealed class HealthService(DaemonEnd daemon) : Health.HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) => request.Service.Length == 0
        ? Task.FromResult(new HealthCheckResponse { Status = HealthCheckResponse.Types.ServingStatus.Serving })
        : throw RpcException.NotFound($"no health is known of the service \"{request.Service}\": ask for \"\", the daemon");

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        HealthCheckResponse.Types.ServingStatus status =
            request.Service.Length == 0 ? HealthCheckResponse.Types.ServingStatus.Serving : HealthCheckResponse.Types.ServingStatus.ServiceUnknown;
        await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, daemon.Begun);
        await Task.Delay(Timeout.InfiniteTimeSpan, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (daemon.Begun.IsCancellationRequested)
        {
            throw RpcException.Unavailable("shimstackd ends: watch again when it is back");
        }
    }
}
