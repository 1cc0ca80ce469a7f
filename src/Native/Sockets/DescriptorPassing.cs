using System.Runtime.CompilerServices;

namespace ShimStack.Native.Sockets;

/// <summary>
/// Descriptors over a socket (SCM_RIGHTS). The kernel sends 253 at most, so there is always room for all of them. See unix(7).
/// </summary>
internal static unsafe class DescriptorPassing
{
    internal const int MaxDescriptors = 253;
    private const int HeaderSize = 16;

    [SkipLocalsInit]
    internal static DescriptorMessage Receive(FileDescriptor socket, Span<byte> data)
    {
        const int ControlSize = HeaderSize + (((MaxDescriptors * sizeof(int)) + 7) & ~7);
        byte* control = stackalloc byte[ControlSize];
        fixed (byte* start = data)
        {
            MessageHeader.IoVector vector = new() { Start = start, Length = (nuint)data.Length };
            MessageHeader message = default;
            IoResult result;
            do
            {
                message = new() { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = ControlSize };
                result = Syscall.Io(LinuxCalls.recvmsg(socket, &message, LinuxCalls.MSG_CMSG_CLOEXEC));
            }
            while (result.Interrupted);
            List<FileDescriptor> descriptors = result.IsOk ? Take(message) : [];
            if ((message.Flags & LinuxCalls.MSG_CTRUNC) != 0)
            {
                descriptors.ForEach(descriptor => descriptor.Dispose());
                throw new SyscallException("recvmsg", Errno.EMFILE, "SCM_RIGHTS");
            }

            if ((message.Flags & LinuxCalls.MSG_TRUNC) != 0)
            {
                descriptors.ForEach(descriptor => descriptor.Dispose());
                throw new SyscallException("recvmsg", Errno.EMSGSIZE);
            }

            return new DescriptorMessage(result, descriptors);
        }
    }

    internal static IoResult Send(FileDescriptor socket, ReadOnlySpan<byte> data, FileDescriptor descriptor) => Send(socket, data, [descriptor]);

    internal static IoResult Send(FileDescriptor socket, ReadOnlySpan<byte> data, IReadOnlyList<FileDescriptor> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Count, MaxDescriptors);

        // One header and the numbers, rounded up to eight bytes.
        int length = HeaderSize + (descriptors.Count * sizeof(int));
        ulong* control = stackalloc ulong[(length + 7) / 8];
        MessageHeader.ControlHeader* header = (MessageHeader.ControlHeader*)control;
        *header = new() { Length = (nuint)length, Level = LinuxCalls.SOL_SOCKET, Type = LinuxCalls.SCM_RIGHTS };
        for (int i = 0; i < descriptors.Count; i++)
        {
            ((int*)(control + 2))[i] = descriptors[i].Number;
        }

        fixed (byte* start = data)
        {
            MessageHeader.IoVector vector = new() { Start = start, Length = (nuint)data.Length };
            MessageHeader message = new() { Vectors = &vector, VectorCount = 1 };
            if (descriptors.Count > 0)
            {
                message.Control = control;
                message.ControlLength = (nuint)((length + 7) & ~7);
            }

            IoResult result;
            do
            {
                result = Syscall.Io(LinuxCalls.sendmsg(socket, &message, LinuxCalls.MSG_NOSIGNAL));
            }
            while (result.Interrupted);
            GC.KeepAlive(descriptors);
            return result;
        }
    }

    private static List<FileDescriptor> Take(in MessageHeader message)
    {
        List<FileDescriptor> descriptors = [];
        byte* position = (byte*)message.Control;
        byte* end = position + message.ControlLength;
        while (end - position >= HeaderSize)
        {
            MessageHeader.ControlHeader* header = (MessageHeader.ControlHeader*)position;
            if (header->Level == LinuxCalls.SOL_SOCKET && header->Type == LinuxCalls.SCM_RIGHTS)
            {
                ReadOnlySpan<int> numbers = new(position + HeaderSize, (int)(header->Length - HeaderSize) / sizeof(int));
                foreach (int number in numbers)
                {
                    descriptors.Add(FileDescriptor.Take(number));
                }
            }

            position += ((int)header->Length + 7) & ~7;
        }

        return descriptors;
    }
}
