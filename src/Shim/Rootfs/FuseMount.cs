using System.Text;
using ShimStack.Api.Types;
using ShimStack.Native.Mounts;
using ShimStack.Native.Processes;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Rootfs;

/// <summary>File systems in user space: a program mounts them, not the kernel alone. See mount.fuse3(8), fusermount3(1).</summary>
internal static class FuseMount
{
    private static readonly string[] Prefixes = ["fuse3.", "fuse."];
    private static readonly string[] UnmountPrograms = ["fusermount3", "fusermount"];

    /// <summary>Whether a mount of this type is for <see cref="Mount"/>.</summary>
    public static bool Handles(string type) => PrefixOf(type) is not null;

    /// <summary>Mounts through <c>mount.fuse</c> or <c>mount.fuse3</c>.</summary>
    /// <exception cref="MountException">There is no such program, or it fails; nothing is left of the mount then.</exception>
    public static void Mount(Mount mount, string target, MountProgram run)
    {
        List<string> line = [.. CommandLine(mount, target)];
        CommandResult result = run([Find(line[0]), .. line[1..]]);
        if (result.Status != 0)
        {
            MountPoint.TryUnmount(target, UnmountFlags.None, out _);
            string end = result.Status is int status ? $"exit status {status}" : "not finished in time";
            string output = Encoding.UTF8.GetString(result.Output).Trim();
            throw new MountException($"mount helper [{string.Join(' ', line)}] failed: {end}: {output}");
        }
    }

    /// <summary>What is run for a mount, the program's bare name first.</summary>
    public static IReadOnlyList<string> CommandLine(Mount mount, string target)
    {
        string prefix = PrefixOf(mount.Type) ?? throw new MountException($"{mount.Type} is not for a mount helper");
        List<string> line = [$"mount.{prefix.TrimEnd('.')}", mount.Source, target];
        foreach (string option in mount.Options)
        {
            line.AddRange(["-o", option]);
        }
        line.AddRange(["-t", mount.Type[prefix.Length..]]);
        return line;
    }

    /// <summary>Unmounts through the first of the two programs that can; false if none can.</summary>
    public static bool TryUnmount(string target, MountProgram run)
    {
        foreach (string name in UnmountPrograms)
        {
            string? path = ExecutablePath.Find(name, Environment.GetEnvironmentVariable("PATH"));
            if (path is not null && run([path, "-u", target]).Status == 0)
            {
                return true;
            }
        }
        return false;
    }

    private static string? PrefixOf(string type) => Array.Find(Prefixes, prefix => type.StartsWith(prefix, StringComparison.Ordinal));

    private static string Find(string name) =>
        ExecutablePath.Find(name, Environment.GetEnvironmentVariable("PATH"))
        ?? throw new MountException($"exec: \"{name}\": executable file not found in $PATH");
}
