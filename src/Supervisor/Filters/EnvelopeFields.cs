using System.Globalization;
using ShimStack.Api;
using ShimStack.Api.Events;
using ShimStack.Api.Types;

namespace ShimStack.Supervisor.Filters;

/// <summary>The fields of an event for filters: "namespace", "topic", and below "event" the text fields of the known types, read once for all filters.</summary>
internal sealed class EnvelopeFields(Envelope envelope)
{
    private FieldOf? _event;

    /// <inheritdoc cref="FieldOf"/>
    public string? Find(ReadOnlySpan<string> path) => path switch
    {
        ["namespace", ..] => FieldPaths.Text(envelope.Namespace),
        ["topic", ..] => FieldPaths.Text(envelope.Topic),
        ["event", ..] => (_event ??= Read(envelope))(path[1..]),
        _ => null,
    };

    private static FieldOf Read(Envelope envelope)
    {
        if (envelope.Event is null)
        {
            return _ => null;
        }

        try
        {
            string url = envelope.Event.TypeUrl;
            return Read(url[(url.LastIndexOf('/') + 1)..], envelope.Event.Value);
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            return _ => null; // it goes on as it came, to those who do not look inside
        }
    }

    private static FieldOf Read(string type, Google.Protobuf.ByteString value)
    {
        switch (type)
        {
            case TypeUrls.TaskCreate:
                return CreateFields(TaskCreate.Parser.ParseFrom(value));
            case TypeUrls.TaskDelete:
                TaskDelete delete = TaskDelete.Parser.ParseFrom(value);
                return Of(("container_id", delete.ContainerId), ("id", delete.Id));
            case TypeUrls.TaskExit:
                TaskExit exit = TaskExit.Parser.ParseFrom(value);
                return Of(("container_id", exit.ContainerId), ("id", exit.Id));
            case TypeUrls.TaskExecAdded:
                TaskExecAdded added = TaskExecAdded.Parser.ParseFrom(value);
                return Of(("container_id", added.ContainerId), ("exec_id", added.ExecId));
            case TypeUrls.TaskExecStarted:
                TaskExecStarted started = TaskExecStarted.Parser.ParseFrom(value);
                return Of(("container_id", started.ContainerId), ("exec_id", started.ExecId));
            case TypeUrls.TaskCheckpointed:
                TaskCheckpointed checkpointed = TaskCheckpointed.Parser.ParseFrom(value);
                return Of(("container_id", checkpointed.ContainerId), ("checkpoint", checkpointed.Checkpoint));
            case TypeUrls.TaskStart or TypeUrls.TaskOOM or TypeUrls.TaskPaused or TypeUrls.TaskResumed:
                return Of(("container_id", TaskOOM.Parser.ParseFrom(value).ContainerId)); // the first field of each
            case TypeUrls.SandboxCreate or TypeUrls.SandboxStart or TypeUrls.SandboxExit:
                return Of(("sandbox_id", SandboxStart.Parser.ParseFrom(value).SandboxId)); // the first field of each
            case TypeUrls.ContainerCreate:
                return CreateFields(ContainerCreate.Parser.ParseFrom(value));
            case TypeUrls.ContainerUpdate:
                ContainerUpdate update = ContainerUpdate.Parser.ParseFrom(value);
                return path => path is ["labels", ..]
                    ? FieldPaths.Label(update.Labels, path)
                    : Of(("id", update.Id), ("image", update.Image), ("snapshot_key", update.SnapshotKey))(path);
            case TypeUrls.ContainerDelete:
                return Of(("id", ContainerDelete.Parser.ParseFrom(value).Id));
            case TypeUrls.NamespaceCreate or TypeUrls.NamespaceUpdate:
                NamespaceCreate named = NamespaceCreate.Parser.ParseFrom(value); // both are alike
                return path => path is ["labels", ..] ? FieldPaths.Label(named.Labels, path) : Of(("name", named.Name))(path);
            case TypeUrls.NamespaceDelete:
                return Of(("name", NamespaceDelete.Parser.ParseFrom(value).Name));
            default:
                return _ => null;
        }
    }

    private static FieldOf CreateFields(TaskCreate create) => path => path switch
    {
        ["io", "stdin", ..] => FieldPaths.Text(create.Io?.Stdin),
        ["io", "stdout", ..] => FieldPaths.Text(create.Io?.Stdout),
        ["io", "stderr", ..] => FieldPaths.Text(create.Io?.Stderr),
        ["io", "terminal", ..] => create.Io?.Terminal.ToString(CultureInfo.InvariantCulture).ToLowerInvariant(),
        _ => Of(("container_id", create.ContainerId), ("bundle", create.Bundle), ("checkpoint", create.Checkpoint))(path),
    };

    private static FieldOf CreateFields(ContainerCreate create) => path => path is ["runtime", "name", ..]
        ? FieldPaths.Text(create.Runtime?.Name)
        : Of(("id", create.Id), ("image", create.Image))(path);

    private static FieldOf Of(params (string Name, string Value)[] fields) => path =>
    {
        foreach ((string name, string value) in fields)
        {
            if (path.Length > 0 && path[0] == name)
            {
                return FieldPaths.Text(value);
            }
        }

        return null;
    };
}
