using System.Runtime.InteropServices;
using ShimStack.Api.Daemon;
using ShimStack.Api.Types;

namespace ShimStack.Supervisor.Introspection;

/// <summary>What this daemon is made of, under the types and ids by which clients of containerd look for it: only what is here.</summary>
internal static class PluginList
{
    /// <summary>The type under which the runtime is found.</summary>
    public const string RuntimeType = "io.containerd.runtime.v2";

    private const string EventType = "io.containerd.event.v1";
    private const string GrpcType = "io.containerd.grpc.v1";
    private const string LeaseType = "io.containerd.lease.v1";
    private const string MetadataType = "io.containerd.metadata.v1";
    private const string ShimType = "io.containerd.shim.v1";

    /// <summary>All of them. The messages are shared: nobody changes them.</summary>
    public static readonly IReadOnlyList<Plugin> All =
    [
        Create(EventType, "exchange"),
        Create(MetadataType, "sqlite", EventType),
        Create(LeaseType, "manager", MetadataType),
        Create(ShimType, "manager", EventType, MetadataType),
        Runtime(),
        Create(GrpcType, "containers", EventType, MetadataType),
        Create(GrpcType, "events", EventType),
        Create(GrpcType, "healthcheck"),
        Create(GrpcType, "introspection"),
        Create(GrpcType, "leases", LeaseType),
        Create(GrpcType, "namespaces", EventType, MetadataType),
        Create(GrpcType, "tasks", RuntimeType, MetadataType),
        Create(GrpcType, "version"),
    ];

    private static Plugin Create(string type, string id, params ReadOnlySpan<string> requires)
    {
        Plugin plugin = new() { Type = type, Id = id };
        foreach (string required in requires)
        {
            plugin.Requires.Add(required);
        }

        return plugin;
    }

    private static Plugin Runtime()
    {
        Plugin task = Create(RuntimeType, "task", ShimType, EventType, MetadataType);
        string architecture = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "amd64" : "arm64"; // Go's names
        task.Platforms.Add(new Platform { Os = "linux", Architecture = architecture });
        return task;
    }
}
