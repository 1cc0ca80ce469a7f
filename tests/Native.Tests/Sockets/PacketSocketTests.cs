using System.Text;
using ShimStack.Native.Sockets;

namespace ShimStack.NativeTests.Sockets;

public sealed class PacketSocketTests
{
    [Fact]
    public void AMessageComesWholeWithItsDescriptors()
    {
        (FileDescriptor sender, FileDescriptor receiver) = PacketSocket.CreatePair();
        using (receiver)
        {
            PipePair pipe = Pipe.Create();
            Assert.True(PacketSocket.Send(sender, "first"u8, [pipe.ReadEnd, pipe.WriteEnd]).IsOk);
            Assert.True(PacketSocket.Send(sender, "second"u8, []).IsOk);
            pipe.ReadEnd.Dispose();
            pipe.WriteEnd.Dispose();
            sender.Dispose(); // the kernel has them
            byte[] buffer = new byte[100];
            DescriptorMessage first = PacketSocket.Receive(receiver, buffer);
            Assert.Equal("first", Encoding.UTF8.GetString(buffer, 0, first.Data.Count));
            Files.Write(first.Descriptors[1], "through"u8);
            Assert.Equal("through", Child.ReadSome(first.Descriptors[0]));
            DescriptorMessage second = PacketSocket.Receive(receiver, buffer);
            Assert.Equal(("second", 0), (Encoding.UTF8.GetString(buffer, 0, second.Data.Count), second.Descriptors.Count));
            Assert.True(PacketSocket.Receive(receiver, buffer).Data.IsEnd);
            first.Descriptors[0].Dispose();
            first.Descriptors[1].Dispose();
        }
    }

    [Fact]
    public void AsManyDescriptorsAsTheKernelTakesGoWithOneMessage()
    {
        (FileDescriptor sender, FileDescriptor receiver) = PacketSocket.CreatePair();
        using (sender)
        using (receiver)
        using (FileDescriptor one = Files.Open("/dev/null", OpenFlags.O_RDONLY))
        {
            Assert.True(PacketSocket.Send(sender, "x"u8, [.. Enumerable.Repeat(one, PacketSocket.MaxDescriptors)]).IsOk);
            DescriptorMessage message = PacketSocket.Receive(receiver, new byte[1]);
            Assert.Equal(PacketSocket.MaxDescriptors, message.Descriptors.Count);
            foreach (FileDescriptor descriptor in message.Descriptors)
            {
                descriptor.Dispose();
            }
        }
    }

    [Fact]
    public void AMessageThatDoesNotFitIsAnError()
    {
        (FileDescriptor sender, FileDescriptor receiver) = PacketSocket.CreatePair();
        using (sender)
        using (receiver)
        {
            PacketSocket.Send(sender, "too long"u8, []);
            Assert.Equal(Errno.EMSGSIZE, Assert.Throws<SyscallException>(() => PacketSocket.Receive(receiver, new byte[3])).Errno);
        }
    }
}
