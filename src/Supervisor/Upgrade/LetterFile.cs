using System.Globalization;
using Google.Protobuf;
using ShimStack.Api.HandOver;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;

namespace ShimStack.Supervisor.Upgrade;

/// <summary>How a letter gets from one build to the next: in a memory file, whose number is in the environment. See memfd_create(2).</summary>
internal static class LetterFile
{
    /// <summary>Names the descriptor.</summary>
    public const string Variable = "SHIMSTACKD_HAND_OVER";

    private const string Name = "shimstackd-hand-over";

    /// <summary>Puts a letter where the next program finds it.</summary>
    public static FileDescriptor Write(Letter letter) => MemoryFile.Create(Name, letter.ToByteArray());

    /// <summary>The letter that this process was left, if there is one. What else the variable may say is of no concern: it is removed.</summary>
    public static Letter? Take()
    {
        string? text = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, null);
        if (!int.TryParse(text, CultureInfo.InvariantCulture, out int number) || number < 3)
        {
            return null;
        }

        string path = $"/proc/self/fd/{number}";
        if (!IsOurs(path))
        {
            return null;
        }

        using FileDescriptor file = FileDescriptor.Take(number);
        Files.SetInherited(file, false);
        return Read(path);
    }

    private static bool IsOurs(string path)
    {
        try
        {
            return Files.ReadLink(path).StartsWith($"/memfd:{Name}", StringComparison.Ordinal);
        }
        catch (SyscallException)
        {
            return false; // no such descriptor
        }
    }

    private static Letter? Read(string path)
    {
        try
        {
            Letter letter = Letter.Parser.ParseFrom(File.ReadAllBytes(path));
            return letter.Pid == CurrentProcess.Id ? letter : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null; // not of ours after all
        }
    }
}
