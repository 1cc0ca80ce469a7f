using System.Text.Json.Nodes;

namespace ShimStack.Ctl.Containers;

/// <summary>
/// The specification of a container that has none of its own: everything private (processes, mounts, names, network with nothing but its loopback),
/// the usual mounts, and what of /proc and /sys is hidden or read only. See the OCI runtime specification, config-linux.md.
/// </summary>
internal static class DefaultSpec
{
    private static readonly string[] Namespaces = ["pid", "ipc", "uts", "mount", "network"];

    private static readonly string[] Hidden =
    [
        "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug",
        "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap",
    ];

    private static readonly string[] ReadOnly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    public static JsonObject Create(string rootfs) => new()
    {
        ["ociVersion"] = "1.0.2",
        ["process"] = Process(),
        ["root"] = new JsonObject { ["path"] = rootfs },
        ["mounts"] = Mounts(),
        ["linux"] = new JsonObject
        {
            ["namespaces"] = new JsonArray([.. Namespaces.Select(name => (JsonNode)new JsonObject { ["type"] = name })]),
            // The runtime itself allows what every container has: null, zero, full, random, urandom, tty and its terminal.
            ["resources"] = new JsonObject { ["devices"] = new JsonArray(new JsonObject { ["allow"] = false, ["access"] = "rwm" }) },
            ["maskedPaths"] = Json.Strings(Hidden),
            ["readonlyPaths"] = Json.Strings(ReadOnly),
        },
    };

    private static JsonObject Process() => new()
    {
        ["user"] = new JsonObject { ["uid"] = 0, ["gid"] = 0 },
        ["cwd"] = "/",
        ["env"] = Json.Strings("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
        ["noNewPrivileges"] = true,
        ["capabilities"] = Capabilities.Sets(),
        ["rlimits"] = new JsonArray(new JsonObject { ["type"] = "RLIMIT_NOFILE", ["soft"] = 1024, ["hard"] = 1024 }),
    };

    private static JsonArray Mounts() => new(
        Mount("/proc", "proc", "nosuid", "noexec", "nodev"),
        Mount("/dev", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
        Mount("/dev/pts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
        Mount("/dev/shm", "tmpfs", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
        Mount("/dev/mqueue", "mqueue", "nosuid", "noexec", "nodev"),
        Mount("/sys", "sysfs", "nosuid", "noexec", "nodev", "ro"));

    private static JsonObject Mount(string target, string type, params string[] options) => new()
    {
        ["destination"] = target,
        ["type"] = type,
        ["source"] = type,
        ["options"] = Json.Strings(options),
    };
}
