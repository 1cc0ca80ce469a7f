using ShimStack.Native.Sockets;

namespace ShimStack.NativeTests;

public sealed class HotPathTests
{
    [Fact]
    public void MovingBytesDoesNotAllocate()
    {
        PipePair pipe = Pipe.Create();
        PipePair other = Pipe.Create();
        (FileDescriptor left, FileDescriptor right) = UnixSocket.CreatePair();
        using Epoll epoll = Epoll.Create();
        epoll.Add(pipe.ReadEnd, EpollEvents.EPOLLIN, 1);
        byte[] buffer = new byte[64];
        EpollEvent[] events = new EpollEvent[4];
        void Round()
        {
            Files.Write(pipe.WriteEnd, buffer);
            epoll.Wait(events, 0);
            Pipe.BytesReadable(pipe.ReadEnd);
            Splice.Move(pipe.ReadEnd, other.WriteEnd, 64);
            Files.Read(other.ReadEnd, buffer);
            UnixSocket.Send(left, buffer);
            UnixSocket.Receive(right, buffer);
            UnixSocket.Receive(right, buffer);
        }

        Round();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Round();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        foreach (FileDescriptor fd in (FileDescriptor[])[pipe.ReadEnd, pipe.WriteEnd, other.ReadEnd, other.WriteEnd, left, right])
        {
            fd.Dispose();
        }
    }
}
