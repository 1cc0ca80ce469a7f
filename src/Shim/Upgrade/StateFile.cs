using System.Globalization;
using Google.Protobuf;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Upgrade;

/// <summary>
/// How a state gets from one process image to the next: in a memory file, whose number is in the environment. Who starts a shim with one gives it the
/// descriptors that the records name, too, under their numbers. See memfd_create(2).
/// </summary>
internal static class StateFile
{
    /// <summary>Names the descriptor. It is not passed on.</summary>
    public const string Variable = "SHIMSTACK_STATE";

    /// <summary>What the memory file is called.</summary>
    public const string Name = "shimstack-state";

    private const int FirstFree = 3;

    /// <summary>Puts a state where the next program finds it.</summary>
    /// <exception cref="SyscallException">No descriptor, no memory.</exception>
    public static FileDescriptor Write(ShimRecord record) => MemoryFile.Create(Name, record.ToByteArray());

    /// <summary>
    /// The state that this process was left, if there is one, with its descriptors marked close-on-exec. What else the variable may say is of no
    /// concern: it is removed.
    /// </summary>
    /// <exception cref="InvalidDataException">There is one, and it cannot be read, or a descriptor is missing.</exception>
    public static ShimRecord? Take()
    {
        string? text = Environment.GetEnvironmentVariable(Variable);
        if (text is null)
        {
            return null;
        }

        Environment.SetEnvironmentVariable(Variable, null);
        if (!int.TryParse(text, CultureInfo.InvariantCulture, out int number) || number < FirstFree || !IsOurs(number))
        {
            return null;
        }

        using FileDescriptor file = FileDescriptor.Take(number);
        ShimRecord record = Read(file);
        foreach (uint left in record.Descriptors)
        {
            Mark(left);
        }

        return record;
    }

    /// <summary>The state in an open file.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static ShimRecord Read(FileDescriptor file)
    {
        try
        {
            return ShimRecord.Parser.ParseFrom(SmallFile.ReadToEnd(file, SmallFile.MaxLength, "state"));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException($"the state cannot be read: {e.Message}", e);
        }
    }

    private static bool IsOurs(int number)
    {
        try
        {
            return Files.ReadLink(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{number}"))
                .StartsWith($"/memfd:{Name}", StringComparison.Ordinal);
        }
        catch (SyscallException)
        {
            return false; // no such descriptor
        }
    }

    private static void Mark(uint number)
    {
        FileDescriptor left = FileDescriptor.Take((int)number);
        try
        {
            Files.SetInherited(left, false);
        }
        catch (SyscallException e)
        {
            throw new InvalidDataException($"descriptor {number} of the state: {e.Message}", e);
        }
        finally
        {
            left.Release(); // the owner comes with the records
        }
    }
}
