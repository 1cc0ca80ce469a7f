using System.Text;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.FaultTests.Upgrade;

/// <summary>Builds of the shim beside each other: the published one, and the same with another version written into it.</summary>
internal sealed class ShimBuilds
{
    private readonly string _folder;
    private readonly byte[] _program;

    private ShimBuilds(string folder, string version, byte[] program) => (_folder, Version, _program) = (folder, version, program);

    /// <summary>The version of the published build.</summary>
    public string Version { get; }

    public string OtherVersion => Version[..^1] + (Version[^1] == '9' ? '8' : '9');

    /// <summary>The published build.</summary>
    public static string First => ShimUnderTest.Ours!.BinaryPath;

    /// <summary>The same, as the other version.</summary>
    public string Second { get; private init; } = "";

    public static async Task<ShimBuilds> MakeAsync(string folder)
    {
        string text = await ShimUnderTest.Ours!.VersionAsync();
        string version = text.Split("Version: ")[1].Split(' ')[0];
        byte[] program = await File.ReadAllBytesAsync(First);
        ShimBuilds builds = new(folder, version, program) { Second = Path.Combine(folder, "second") };
        Write(builds.Second, builds.With(builds.OtherVersion));
        return builds;
    }

    /// <summary>A file that is made of the published build.</summary>
    public string Make(string name, Action<byte[]> change)
    {
        byte[] program = [.. _program];
        change(program);
        return Write(Path.Combine(_folder, name), program);
    }

    private byte[] With(string version)
    {
        byte[] program = [.. _program];
        byte[] from = Encoding.Unicode.GetBytes(Version), to = Encoding.Unicode.GetBytes(version);
        int count = 0;
        Span<byte> rest = program;
        for (int found = rest.IndexOf(from); found >= 0; found = rest.IndexOf(from))
        {
            to.CopyTo(rest[found..]);
            rest = rest[(found + to.Length)..];
            count++;
        }

        Assert.True(count > 0, $"{First} does not hold its version {Version}");
        return program;
    }

    private static string Write(string path, byte[] program)
    {
        File.WriteAllBytes(path, program);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
