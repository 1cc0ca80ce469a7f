using System.Text;

namespace ShimStack.SystemTests.Processes;

/// <summary>
/// Writes programs that are to be run. A child that has been forked, but does not yet run its own program, has open what this process has open, and what is
/// open for writing cannot be run: ETXTBSY, see execve(2). Tests run side by side, so nothing is started while a program is written.
/// </summary>
internal static class ProgramFile
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Held while a program is written, and until a child runs its own.</summary>
    public static Lock Writing { get; } = new();

    public static void Write(string path, string script) => Write(path, Encoding.UTF8.GetBytes(script));

    public static void Write(string path, byte[] content)
    {
        lock (Writing)
        {
            File.WriteAllBytes(path, content);
        }

        File.SetUnixFileMode(path, Mode);
    }

    public static void Copy(string from, string to)
    {
        lock (Writing)
        {
            File.Copy(from, to);
        }
    }
}
