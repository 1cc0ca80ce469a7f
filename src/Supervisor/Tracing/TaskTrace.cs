using System.Diagnostics;

namespace ShimStack.Supervisor.Tracing;

/// <summary>The way of a call: from a client through the daemon to the shim. Without somebody who listens nothing of it is made.</summary>
internal static class TaskTrace
{
    /// <summary>Under which traces are collected.</summary>
    public const string Name = "shimstackd";

    /// <summary>The header by which W3C Trace Context goes on, in gRPC as in ttrpc.</summary>
    public const string ParentHeader = "traceparent";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>A call that has come here; null if nobody traces.</summary>
    /// <param name="method">Its full name.</param>
    /// <param name="parent">What the client says of its own trace; null if it does not.</param>
    public static Activity? Call(string method, string? parent) =>
        Source.HasListeners() ? Source.StartActivity(method, ActivityKind.Server, parent) : null;

    /// <summary>A call to a shim, or a run of its binary; null if nobody traces.</summary>
    public static Activity? Shim(string what, string nameSpace, string id)
    {
        Activity? activity = Source.HasListeners() ? Source.StartActivity("shim " + what, ActivityKind.Client) : null;
        return activity?.SetTag("containerd.namespace", nameSpace).SetTag("containerd.container", id);
    }

    /// <summary>It has failed.</summary>
    public static void Failed(this Activity? activity, Exception reason) => activity?.SetStatus(ActivityStatusCode.Error, reason.Message);
}
