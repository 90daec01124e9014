// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ClusterManager.Shared.Tests.Grpc.Fixtures;

/// <summary>One frame that came.</summary>
internal sealed record RawFrame(byte Type, byte Flags, int Stream, byte[] Payload)
{
    public bool Has(byte flag) => (Flags & flag) != 0;
}

/// <summary>A connection of hand-made HTTP/2 frames, from either side. Settings and pings of the peer are answered while reading.</summary>
internal sealed class RawConnection : IDisposable
{
    private const int FrameBytesMax = 1 << 20;
    private readonly TcpClient _tcp;
    private readonly NetworkStream _stream;

    public RawConnection(TcpClient tcp)
    {
        _tcp = tcp;
        _tcp.NoDelay = true;
        _stream = tcp.GetStream();
    }

    /// <summary>Connects as a client that has said its preface and settings.</summary>
    public static async Task<RawConnection> ConnectAsync(Uri address)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(IPEndPoint.Parse(address.Authority));
        var connection = new RawConnection(tcp);
        await connection.SendAsync(RawFrames.Preface.ToArray());
        await connection.SendAsync(RawFrames.PlainSettings);
        return connection;
    }

    /// <summary>Sends bytes. False: the peer has closed the connection.</summary>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _stream.WriteAsync(bytes).AsTask().SoonAsync();
            return true;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Reads a preface.</summary>
    public async Task<bool> ReadPrefaceAsync() => await ReadExactAsync(RawFrames.Preface.Length) is not null;

    /// <summary>The next frame that is about streams; null when the connection has ended.</summary>
    public async Task<RawFrame?> ReadAsync()
    {
        while (await ReadAnyAsync() is { } frame)
        {
            switch (frame.Type)
            {
                case RawFrames.Settings when !frame.Has(RawFrames.Acknowledge):
                    await SendAsync(RawFrames.Frame(RawFrames.Settings, RawFrames.Acknowledge, 0, []));
                    break;
                case RawFrames.Ping when !frame.Has(RawFrames.Acknowledge):
                    await SendAsync(RawFrames.Frame(RawFrames.Ping, RawFrames.Acknowledge, 0, frame.Payload));
                    break;
                case RawFrames.Settings or RawFrames.Ping or RawFrames.WindowUpdate:
                    break;
                default:
                    return frame;
            }
        }

        return null;
    }

    /// <summary>Says that nothing more comes; what the peer still sends can be read.</summary>
    public void EndSending()
    {
        try
        {
            _tcp.Client.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The peer was first.
        }
    }

    public void Dispose() => _tcp.Dispose();

    private async Task<RawFrame?> ReadAnyAsync()
    {
        if (await ReadExactAsync(RawFrames.HeadBytes) is not { } head) return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(head) >>> 8;
        Assert.True(length <= FrameBytesMax, "The peer sent a frame over every limit.");
        var stream = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)) & int.MaxValue;
        return await ReadExactAsync(length) is { } payload ? new RawFrame(head[3], head[4], stream, payload) : null;
    }

    private async Task<byte[]?> ReadExactAsync(int count)
    {
        var bytes = new byte[count];
        try
        {
            await _stream.ReadExactlyAsync(bytes).AsTask().SoonAsync();
            return bytes;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            return null;
        }
    }
}
