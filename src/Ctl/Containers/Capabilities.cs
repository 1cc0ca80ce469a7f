using System.Text.Json.Nodes;
using ShimStack.Ctl.Commands;

namespace ShimStack.Ctl.Containers;

/// <summary>What root in a container may do unless its bundle says otherwise: the set that container engines have agreed on. See capabilities(7).</summary>
internal static class Capabilities
{
    private const string All = "ALL";
    private const string Prefix = "CAP_";

    private static readonly string[] Default =
    [
        "CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_MKNOD", "CAP_NET_BIND_SERVICE",
        "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT",
    ];

    private static readonly string[] Known =
    [
        .. Default,
        "CAP_AUDIT_CONTROL", "CAP_AUDIT_READ", "CAP_BLOCK_SUSPEND", "CAP_BPF", "CAP_CHECKPOINT_RESTORE", "CAP_DAC_READ_SEARCH", "CAP_IPC_LOCK",
        "CAP_IPC_OWNER", "CAP_LEASE", "CAP_LINUX_IMMUTABLE", "CAP_MAC_ADMIN", "CAP_MAC_OVERRIDE", "CAP_NET_ADMIN", "CAP_NET_BROADCAST", "CAP_PERFMON",
        "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_MODULE", "CAP_SYS_NICE", "CAP_SYS_PACCT", "CAP_SYS_PTRACE", "CAP_SYS_RAWIO", "CAP_SYS_RESOURCE",
        "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_SYSLOG", "CAP_WAKE_ALARM",
    ];

    // Nothing is inheritable or ambient: a program run by another user gets none.
    private static readonly string[] SetNames = ["bounding", "effective", "permitted"];

    public static JsonObject Sets() => new(SetNames.Select(set => KeyValuePair.Create(set, (JsonNode?)Json.Strings(Default))));

    /// <summary>"NET_ADMIN", "cap_net_admin" or "ALL", as specifications spell it.</summary>
    /// <exception cref="CtlException">There is none of that name.</exception>
    public static string Checked(string option, string name)
    {
        string upper = name.ToUpperInvariant();
        string full = upper == All || upper.StartsWith(Prefix, StringComparison.Ordinal) ? upper : Prefix + upper;
        return full == All || Known.Contains(full) ? full : throw CtlException.Usage($"{option} {name}: not a capability; say for instance NET_ADMIN, or ALL");
    }

    /// <summary>First all that are dropped go, then those that are added come, so that "drop ALL, add CHOWN" leaves one.</summary>
    public static void Change(JsonObject process, IReadOnlyList<string> added, IReadOnlyList<string> dropped)
    {
        foreach (string set in added.Count + dropped.Count > 0 ? SetNames : [])
        {
            JsonObject sets = process.Child("capabilities");
            IEnumerable<string> before = (sets[set] as JsonArray)?.Select(name => name?.GetValue<string>() ?? "") ?? [];
            IEnumerable<string> kept = dropped.Contains(All) ? [] : before.Except(dropped);
            sets[set] = Json.Strings(added.Contains(All) ? Known.Except(dropped) : kept.Union(added));
        }
    }
}
