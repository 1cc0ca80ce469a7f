using System.Text.Json;
using ShimStack.Ctl.Kernel;

namespace ShimStack.Ctl.Views;

/// <summary>The three views for programs: an object each, in which what is not known is missing or null.</summary>
internal static class ViewJson
{
    public static void Write(Utf8JsonWriter writer, ContainerViews views)
    {
        writer.WriteStartObject("daemon");
        WriteDaemon(writer, views.Daemon);
        writer.WriteEndObject();
        writer.WriteStartObject("shim");
        WriteShim(writer, views.Shim);
        writer.WriteEndObject();
        writer.WriteStartObject("kernel");
        WriteKernel(writer, views.Kernel);
        writer.WriteEndObject();
        writer.WriteStartArray("differences");
        foreach (ViewRow row in ViewRows.Of(views).Where(row => row.Differs))
        {
            writer.WriteStringValue(row.Name);
        }

        writer.WriteEndArray();
    }

    private static void WriteDaemon(Utf8JsonWriter writer, DaemonView view)
    {
        writer.WriteString("version", view.Version);
        Number(writer, "daemonPid", view.DaemonPid);
        writer.WriteNumber("pid", view.Pid);
        writer.WriteString("state", view.State);
        Number(writer, "exitStatus", view.ExitStatus);
        Time(writer, "exitedAt", view.ExitedAt);
        writer.WriteString("cgroup", view.Cgroup);
        Number(writer, "processes", view.Processes);
        Number(writer, "memoryBytes", view.Memory);
    }

    private static void WriteShim(Utf8JsonWriter writer, ShimView view)
    {
        if (view.NotSeen is not null)
        {
            writer.WriteString("notSeen", view.NotSeen);
            return;
        }

        writer.WriteString("version", view.Version);
        writer.WriteNumber("shimPid", view.ShimPid);
        writer.WriteNumber("pid", view.Pid);
        writer.WriteString("state", view.State);
        Number(writer, "exitStatus", view.ExitStatus);
        Time(writer, "exitedAt", view.ExitedAt);
        if (view.Status is Api.Control.StatusResponse status)
        {
            writer.WriteString("daemon", status.Daemon);
            writer.WriteNumber("uptimeMs", status.UptimeMs);
            writer.WriteNumber("pendingEvents", status.Events?.Pending ?? 0);
            writer.WriteNumber("shimDescriptors", status.Resources?.Descriptors ?? 0);
            writer.WriteNumber("shimMemoryBytes", status.Resources?.RssBytes ?? 0);
        }

        writer.WriteStartArray("notes");
        foreach (string note in ViewRows.Notes(view))
        {
            writer.WriteStringValue(note);
        }

        writer.WriteEndArray();
    }

    private static void WriteKernel(Utf8JsonWriter writer, KernelView view)
    {
        if (view.NotSeen is not null)
        {
            writer.WriteString("notSeen", view.NotSeen);
            return;
        }

        writer.WritePropertyName("process");
        WriteProcess(writer, view.Process);
        writer.WritePropertyName("shim");
        WriteProcess(writer, view.Shim);
    }

    private static void WriteProcess(Utf8JsonWriter writer, KernelProcess? process)
    {
        if (process is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteNumber("pid", process.Pid);
        writer.WriteNumber("parent", process.Parent);
        writer.WriteString("state", process.StateName);
        writer.WriteString("kernelState", process.State.ToString());
        Time(writer, "startedAt", process.StartedAt);
        writer.WriteString("cgroup", process.Cgroup);
        Number(writer, "cgroupProcesses", process.CgroupProcesses);
        Number(writer, "cgroupMemoryBytes", process.CgroupMemory);
        Number(writer, "residentBytes", process.Resident);
        Number(writer, "descriptors", process.Descriptors);
        writer.WriteStartArray("namespaces");
        foreach (string name in process.Namespaces)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter writer, string name, ulong? value)
    {
        if (value is ulong known)
        {
            writer.WriteNumber(name, known);
        }
    }

    private static void Number(Utf8JsonWriter writer, string name, int? value) => Number(writer, name, (ulong?)value);

    private static void Number(Utf8JsonWriter writer, string name, uint? value) => Number(writer, name, (ulong?)value);

    private static void Time(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is DateTimeOffset known)
        {
            writer.WriteString(name, known);
        }
    }
}
