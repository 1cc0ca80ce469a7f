using System.Runtime.InteropServices;
using System.Text;

namespace ShimStack.Native.Processes;

/// <summary>
/// A <see cref="SpawnRequest"/> as C has it: header, pointers, descriptor numbers and strings in one piece of native memory.
/// </summary>
internal sealed unsafe class SpawnBlock : IDisposable
{
    private const int DieWithParent = 1;
    private const int NewProcessGroup = 2;

    private readonly byte* _start;
    private byte* _nextString;
    private byte** _nextPointer;

    /// <summary>Lends the descriptors' numbers: the caller keeps them open (AddRef) until it is done.</summary>
    internal SpawnBlock(SpawnRequest request)
    {
        int pointers = request.Arguments.Count + request.Environment.Count + 2;
        int numbers = request.Descriptors.Count * 2;
        int fixedSize = sizeof(Header) + (pointers * sizeof(byte*)) + (numbers * sizeof(int));
        _start = (byte*)NativeMemory.Alloc((nuint)(fixedSize + StringBytes(request)));
        _nextPointer = (byte**)(_start + sizeof(Header));
        int* sources = (int*)(_nextPointer + pointers);
        _nextString = _start + fixedSize;
        *Request = new Header
        {
            Path = Put(request.Path),
            Arguments = Put(request.Arguments),
            Environment = Put(request.Environment),
            WorkingDirectory = request.WorkingDirectory is null ? null : Put(request.WorkingDirectory),
            Sources = sources,
            Targets = sources + request.Descriptors.Count,
            DescriptorCount = request.Descriptors.Count,
            Flags = (request.DieWithParent ? DieWithParent : 0) | (request.NewProcessGroup ? NewProcessGroup : 0),
        };
        for (int i = 0; i < request.Descriptors.Count; i++)
        {
            Request->Sources[i] = request.Descriptors[i].Source.Number;
            Request->Targets[i] = request.Descriptors[i].Target;
        }
    }

    internal Header* Request => (Header*)_start;

    public void Dispose() => NativeMemory.Free(_start);

    private byte** Put(IReadOnlyList<string> strings)
    {
        byte** first = _nextPointer;
        for (int i = 0; i < strings.Count; i++)
        {
            *_nextPointer++ = Put(strings[i]);
        }

        *_nextPointer++ = null;
        return first;
    }

    private byte* Put(string text)
    {
        byte* first = _nextString;
        int length = Encoding.UTF8.GetBytes(text, new Span<byte>(first, Encoding.UTF8.GetByteCount(text)));
        first[length] = 0;
        _nextString += length + 1;
        return first;
    }

    private static int StringBytes(SpawnRequest request)
    {
        int bytes = StringBytes(request.Path) + (request.WorkingDirectory is null ? 0 : StringBytes(request.WorkingDirectory));
        foreach (string argument in request.Arguments)
        {
            bytes += StringBytes(argument);
        }

        foreach (string variable in request.Environment)
        {
            bytes += StringBytes(variable);
        }

        return bytes;
    }

    /// <summary>A NUL inside would cut the string in the child without a word.</summary>
    private static int StringBytes(string text) => text.Contains('\0', StringComparison.Ordinal)
        ? throw new ArgumentException("a string for a program holds a NUL", nameof(text))
        : Encoding.UTF8.GetByteCount(text) + 1;

    /// <summary>struct spawn_request of spawn.c.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Header
    {
        internal byte* Path;
        internal byte** Arguments;
        internal byte** Environment;
        internal byte* WorkingDirectory;
        internal int* Sources;
        internal int* Targets;
        internal int DescriptorCount;
        internal int Flags;
    }
}
