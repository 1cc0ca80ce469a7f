using System.Text.Json.Nodes;

namespace ShimStack.ShimDriver.Bundles;

/// <summary>Writes OCI runtime documents: config.json of a bundle and the process of an exec.</summary>
public static class OciDocument
{
    private static readonly string[] Capabilities =
        ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SYS_CHROOT", "CAP_MKNOD"];

    /// <summary>The process of an exec, or of the container.</summary>
    public static JsonObject Process(IReadOnlyList<string> arguments, bool terminal = false) => new()
    {
        ["terminal"] = terminal,
        ["user"] = new JsonObject { ["uid"] = 0, ["gid"] = 0 },
        ["args"] = Strings(arguments),
        ["env"] = Strings(["PATH=/bin", "TERM=xterm"]),
        ["cwd"] = "/",
        ["noNewPrivileges"] = true,
        ["capabilities"] = new JsonObject
        {
            ["bounding"] = Strings(Capabilities),
            ["effective"] = Strings(Capabilities),
            ["permitted"] = Strings(Capabilities),
        },
    };

    /// <summary>A whole config.json.</summary>
    /// <param name="spec">What the caller chose.</param>
    /// <param name="rootPath">root.path: absolute, or relative to the bundle.</param>
    /// <param name="cgroupPath">linux.cgroupsPath.</param>
    public static JsonObject Container(BundleSpec spec, string rootPath, string cgroupPath) => new()
    {
        ["ociVersion"] = "1.0.2",
        ["process"] = Process(spec.Arguments, spec.Terminal),
        ["root"] = new JsonObject { ["path"] = rootPath, ["readonly"] = true },
        ["hostname"] = "driver",
        ["annotations"] = new JsonObject(spec.Annotations.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        ["mounts"] = Mounts(spec),
        ["linux"] = new JsonObject
        {
            ["cgroupsPath"] = cgroupPath,
            ["namespaces"] = Namespaces(spec),
            ["resources"] = Resources(spec),
        },
    };

    private static JsonArray Namespaces(BundleSpec spec)
    {
        string[] always = ["ipc", "uts", "mount", "network"];
        string[] all = spec.PrivatePidNamespace ? [.. always, "pid"] : always;
        return new JsonArray([.. all.Select(name => new JsonObject { ["type"] = name })]);
    }

    private static JsonObject Resources(BundleSpec spec)
    {
        var resources = new JsonObject
        {
            ["devices"] = new JsonArray(new JsonObject { ["allow"] = false, ["access"] = "rwm" }),
        };
        if (spec.MemoryLimit is { } limit)
        {
            resources["memory"] = new JsonObject { ["limit"] = limit };
        }

        return resources;
    }

    private static JsonArray Mounts(BundleSpec spec)
    {
        var mounts = new JsonArray(
            Mount("/proc", "proc", []),
            Mount("/dev", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
            Mount("/dev/pts", "devpts", ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]),
            Mount("/tmp", "tmpfs", ["nosuid", "nodev", "size=65536k"]));
        if (spec.Shared is { } shared)
        {
            mounts.Add(Mount("/shared", "bind", ["rbind", "rw"], shared));
        }

        return mounts;
    }

    private static JsonObject Mount(string destination, string type, string[] options, string? source = null) => new()
    {
        ["destination"] = destination,
        ["type"] = type,
        ["source"] = source ?? type,
        ["options"] = Strings(options),
    };

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)value)]);
}
