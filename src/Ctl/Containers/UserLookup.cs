using System.Globalization;
using System.Text.Json.Nodes;
using ShimStack.Ctl.Commands;
using ShimStack.Native.Files;

namespace ShimStack.Ctl.Containers;

/// <summary>"USER[:GROUP]", by number or by the names that the container's own files know. See passwd(5), group(5).</summary>
internal static class UserLookup
{
    private const int NameField = 0;
    private const int IdField = 2;
    private const int GroupField = 3;

    /// <exception cref="CtlException">A name is not known.</exception>
    public static JsonObject Find(string text, string rootfs)
    {
        string[] parts = text.Split(':', 2);
        string[]? user = Entry(rootfs, "passwd", parts[0]);
        uint uid = Number(parts[0]) ?? Number(user?[IdField]) ?? throw Unknown("user", parts[0], rootfs);
        if (parts.Length == 1)
        {
            return new JsonObject { ["uid"] = uid, ["gid"] = Number(user?.ElementAtOrDefault(GroupField)) ?? 0 };
        }

        string? group = Entry(rootfs, "group", parts[1])?[IdField];
        return new JsonObject { ["uid"] = uid, ["gid"] = Number(parts[1]) ?? Number(group) ?? throw Unknown("group", parts[1], rootfs) };
    }

    private static uint? Number(string? text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : null;

    private static CtlException Unknown(string kind, string name, string rootfs) =>
        CtlException.Usage($"{kind} {name} is in no {(kind == "user" ? "etc/passwd" : "etc/group")} below {rootfs}: give a number");

    // The root file system is not trusted: a symbolic link in it must not lead to a file of ours.
    private static string[]? Entry(string rootfs, string file, string wanted)
    {
        string path = Files.ResolveInRoot(rootfs, $"/etc/{file}");
        return !File.Exists(path) ? null : File.ReadLines(path).Select(line => line.Split(':'))
            .FirstOrDefault(fields => fields.Length > IdField && (fields[NameField] == wanted || fields[IdField] == wanted));
    }
}
