using Grpc.Core;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Metrics;

/// <summary>Counts calls by method and code.</summary>
internal sealed class CallMeter(DaemonMeter meter) : ICallWatch
{
    public object? Began(ServerCallContext call, bool isStream) => null;

    public void Ended(object? begun, ServerCallContext call, Exception? failure) => meter.Calls.Add(
        1, new KeyValuePair<string, object?>("method", call.Method), new KeyValuePair<string, object?>("code", CodeOf(failure, call).ToString()));

    private static StatusCode CodeOf(Exception? failure, ServerCallContext call) =>
        failure is null ? StatusCode.OK : CallStatus.Of(failure, call)?.StatusCode ?? StatusCode.Internal;
}
