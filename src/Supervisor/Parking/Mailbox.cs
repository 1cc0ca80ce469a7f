using Google.Protobuf;
using ShimStack.Api.Parking;
using ShimStack.Native;
using ShimStack.Native.Sockets;

namespace ShimStack.Supervisor.Parking;

/// <summary>
/// A socket in which everything waits that a shim has left: messages and descriptors are in the kernel's hands, so the one descriptor of it is all
/// that has to be handed on, to a shim that takes another's place or to the next shimstackd.
/// </summary>
internal static class Mailbox
{
    // Of some kilobytes a process each; only who may not ask for that (CAP_NET_ADMIN) has less.
    private const int Room = 16 * 1024 * 1024;
    private const int MaxMessage = 256 * 1024;

    /// <summary>Puts everything into one.</summary>
    /// <returns>Our end, and the one to be handed on.</returns>
    /// <exception cref="SyscallException">EAGAIN: it is too much; EMFILE: no descriptors.</exception>
    public static (FileDescriptor Ours, FileDescriptor Theirs) Fill(IEnumerable<(ParkingMessage Message, IReadOnlyList<FileDescriptor> Descriptors)> content)
    {
        (FileDescriptor ours, FileDescriptor theirs) = PacketSocket.CreatePair();
        try
        {
            PacketSocket.Widen(ours, Room);
            foreach ((ParkingMessage message, IReadOnlyList<FileDescriptor> descriptors) in content)
            {
                IoResult sent = PacketSocket.Send(ours, message.ToByteArray(), descriptors);
                if (!sent.IsOk)
                {
                    throw new SyscallException("sendmsg", sent.Errno, $"{message.Kind} {message.Unit}");
                }
            }

            return (ours, theirs);
        }
        catch
        {
            ours.Dispose();
            theirs.Dispose();
            throw;
        }
    }

    /// <summary>Takes everything out of one that was handed on, and closes it.</summary>
    /// <exception cref="SyscallException">It is no such socket.</exception>
    /// <exception cref="InvalidProtocolBufferException">What is in it is of somebody else.</exception>
    public static List<(ParkingMessage Message, IReadOnlyList<FileDescriptor> Descriptors)> Empty(FileDescriptor mailbox)
    {
        List<(ParkingMessage, IReadOnlyList<FileDescriptor>)> content = [];
        byte[] buffer = new byte[MaxMessage];
        using (mailbox)
        {
            while (true)
            {
                (IoResult data, IReadOnlyList<FileDescriptor> descriptors) = PacketSocket.Receive(mailbox, buffer);
                if (!data.IsOk || data.IsEnd)
                {
                    return content;
                }

                content.Add((ParkingMessage.Parser.ParseFrom(buffer, 0, data.Count), descriptors));
            }
        }
    }
}
