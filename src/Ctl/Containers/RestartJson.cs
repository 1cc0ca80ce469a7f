using System.Text.Json;
using ShimStack.Api.Restart;
using ShimStack.Ctl.Output;

namespace ShimStack.Ctl.Containers;

/// <summary>What a daemon tells of its restarts of a container, as JSON.</summary>
internal static class RestartJson
{
    public static void Write(Utf8JsonWriter writer, RestartInfo? restart)
    {
        if (restart is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("policy", restart.Policy);
        writer.WriteString("state", restart.State.ToString().ToLowerInvariant());
        writer.WriteNumber("count", restart.Count);
        if (restart.HasExited)
        {
            writer.WriteNumber("lastExitCode", restart.ExitStatus);
        }
        else
        {
            writer.WriteNull("lastExitCode");
        }

        writer.WriteTime("lastExitedAt", restart.ExitedAt);
        writer.WriteTime("nextTryAt", restart.NextTryAt);
        writer.WriteString("error", restart.Error.Length > 0 ? restart.Error : null);
        writer.WriteEndObject();
    }
}
