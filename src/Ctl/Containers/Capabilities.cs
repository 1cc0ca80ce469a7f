using System.Text.Json.Nodes;

namespace ShimStack.Ctl.Containers;

/// <summary>What root in a container may do unless its bundle says otherwise: the set that container engines have agreed on. See capabilities(7).</summary>
internal static class Capabilities
{
    private static readonly string[] Default =
    [
        "CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_MKNOD", "CAP_NET_BIND_SERVICE",
        "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT",
    ];

    // Nothing is inheritable or ambient: a program run by another user gets none.
    public static JsonObject Sets() => new()
    {
        ["bounding"] = Json.Strings(Default),
        ["effective"] = Json.Strings(Default),
        ["permitted"] = Json.Strings(Default),
    };
}
