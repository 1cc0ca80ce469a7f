using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Filters;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Restart;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Containers;

/// <summary>What a container record must be, and what of it may change: containerd's rules, in its words.</summary>
internal static class ContainerRules
{
    private const string LabelPrefix = "labels.";
    private const string ExtensionPrefix = "extensions.";
    private static readonly string[] Mutable = ["labels", "spec", "extensions", "image", "snapshotkey"];

    /// <summary>Passes a record that may be stored, without its empty labels.</summary>
    /// <param name="operation">What was asked for, for the message.</param>
    /// <param name="container">The record.</param>
    /// <exception cref="RpcException">InvalidArgument.</exception>
    public static void Require(string operation, Container container)
    {
        string? fault = Fault(container);
        if (fault is not null)
        {
            throw RpcException.InvalidArgument($"{operation} failed validation: {fault}: invalid argument");
        }

        Labels.Require($"{operation} failed validation: containers.Labels", container.Labels);
        RestartLabels.Require(operation, container.Labels);
        Labels.DropEmpty(container.Labels);
    }

    /// <summary>Takes over from <paramref name="given"/> what <paramref name="paths"/> name; without any, all that may change.</summary>
    /// <exception cref="RpcException">InvalidArgument: a field may not change.</exception>
    public static void Apply(Container container, Container given, IReadOnlyList<string> paths)
    {
        if (paths.Count == 0)
        {
            RequireSame("Snapshotter", container.Snapshotter, given.Snapshotter);
            RequireSame("Runtime.Name", container.Runtime?.Name ?? "", given.Runtime?.Name ?? "");
            paths = Mutable;
        }

        foreach (string path in paths)
        {
            Apply(container, given, path);
        }
    }

    /// <summary>The fields that filters see.</summary>
    public static FieldOf Fields(Container container) => path => path switch
    {
        ["id", ..] => FieldPaths.Text(container.Id),
        ["image", ..] => FieldPaths.Text(container.Image),
        ["runtime", "name", ..] => FieldPaths.Text(container.Runtime?.Name),
        ["labels", ..] => FieldPaths.Label(container.Labels, path),
        _ => null,
    };

    private static void Apply(Container container, Container given, string path)
    {
        if (path.StartsWith(LabelPrefix, StringComparison.Ordinal))
        {
            string key = path[LabelPrefix.Length..];
            container.Labels[key] = given.Labels.TryGetValue(key, out string? value) ? value : "";
            return;
        }

        if (path.StartsWith(ExtensionPrefix, StringComparison.Ordinal))
        {
            string key = path[ExtensionPrefix.Length..];
            container.Extensions[key] = given.Extensions.TryGetValue(key, out Any? value) ? value : new Any();
            return;
        }

        switch (path)
        {
            case "labels":
                Replace(container.Labels, given.Labels);
                break;
            case "extensions":
                Replace(container.Extensions, given.Extensions);
                break;
            case "spec":
                container.Spec = given.Spec;
                break;
            case "image":
                container.Image = given.Image;
                break;
            case "snapshotkey":
                container.SnapshotKey = given.SnapshotKey;
                break;
            default:
                throw RpcException.InvalidArgument($"cannot update \"{path}\" field on \"{container.Id}\": invalid argument");
        }
    }

    private static string? Fault(Container container)
    {
        if (IdentifierRule.Fault(container.Id) is string fault)
        {
            return $"container.ID: {fault}";
        }

        if (container.Extensions.ContainsKey(""))
        {
            return "container.Extension keys must not be zero-length";
        }

        if (string.IsNullOrEmpty(container.Runtime?.Name))
        {
            return "container.Runtime.Name must be set";
        }

        if (container.Spec is null)
        {
            return "container.Spec must be set";
        }

        return container.SnapshotKey.Length > 0 && container.Snapshotter.Length == 0
            ? "container.Snapshotter must be set if container.SnapshotKey is set"
            : null;
    }

    private static void RequireSame(string field, string now, string given)
    {
        if (now != given)
        {
            throw RpcException.InvalidArgument($"container.{field} field is immutable: invalid argument");
        }
    }

    private static void Replace<TValue>(MapField<string, TValue> target, MapField<string, TValue> source)
    {
        target.Clear();
        target.Add(source);
    }
}
