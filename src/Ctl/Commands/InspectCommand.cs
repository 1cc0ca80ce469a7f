using System.CommandLine;
using System.Text.Json;
using ShimStack.Api.Daemon;
using ShimStack.Api.Restart;
using ShimStack.Api.Types;
using ShimStack.Ctl.Containers;
using ShimStack.Ctl.Output;
using ShimStack.Ctl.Views;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl inspect`: a container as daemon, shim and kernel have it; as JSON also the daemon's whole record.</summary>
internal static class InspectCommand
{
    private static readonly Argument<string> Id = ContainerArgument.One();

    public static Command Create()
    {
        Command command = new("inspect", "Shows what daemon, shim and kernel know of a container, and where they differ") { Id };
        command.SetAction(async (result, cancellation) =>
        {
            using CommandScope scope = GlobalOptions.Scope(result, cancellation);
            string id = result.GetValue(Id)!;
            Container container = await ContainerRecords.GetAsync(scope.Client, id, cancellation);
            Process? task = await ContainerRecords.TryGetTaskAsync(scope.Client, id, cancellation);
            RestartInfo? restart = await ContainerRestarts.FindAsync(scope.Client, id, cancellation);
            ContainerViews views = await ContainerViews.ReadAsync(scope.Client, scope.Namespace, container, task, cancellation);
            if (scope.Screen.IsJson)
            {
                Screen.Json(writer => Write(writer, container, task, restart, views));
            }
            else
            {
                ViewText.Show(container, restart, views, TimeProvider.System.GetUtcNow());
            }

            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static void Write(Utf8JsonWriter writer, Container container, Process? task, RestartInfo? restart, ContainerViews views)
    {
        writer.WriteStartObject();
        writer.WriteString("id", container.Id);
        writer.WriteString("runtime", container.Runtime?.Name);
        writer.WriteTime("createdAt", container.CreatedAt);
        writer.WriteTime("updatedAt", container.UpdatedAt);
        writer.WriteStartObject("labels");
        foreach ((string name, string value) in container.Labels)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WritePropertyName("task");
        WriteTask(writer, task);
        writer.WritePropertyName("restart");
        RestartJson.Write(writer, restart);
        ViewJson.Write(writer, views);
        writer.WritePropertyName("spec");
        writer.WriteRawValue(Json.TryUnpack(container.Spec)?.ToJsonString() ?? "null");
        writer.WriteEndObject();
    }

    private static void WriteTask(Utf8JsonWriter writer, Process? task)
    {
        if (task is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("state", task.Status.ToString().ToLowerInvariant());
        writer.WriteNumber("pid", task.Pid);
        writer.WriteNumber("exitCode", task.ExitStatus);
        writer.WriteTime("exitedAt", task.ExitedAt);
        writer.WriteBoolean("terminal", task.Terminal);
        writer.WriteString("stdin", task.Stdin);
        writer.WriteString("stdout", task.Stdout);
        writer.WriteString("stderr", task.Stderr);
        writer.WriteEndObject();
    }
}
