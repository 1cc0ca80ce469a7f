using System.Diagnostics;
using Grpc.Core;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Tracing;

/// <summary>Makes each call that ends by itself a part of its client's trace; streams have no end worth a picture.</summary>
internal sealed class CallTraces : ICallWatch
{
    public object? Began(ServerCallContext call, bool isStream) =>
        isStream ? null : TaskTrace.Call(call.Method, call.RequestHeaders.GetValue(TaskTrace.ParentHeader));

    public void Ended(object? begun, ServerCallContext call, Exception? failure)
    {
        using Activity? activity = (Activity?)begun;
        if (failure is not null)
        {
            activity.Failed(failure);
        }
    }
}
