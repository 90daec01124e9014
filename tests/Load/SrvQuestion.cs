// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClusterManager.Load;

/// <summary>Asks a name server for the SRV records or the addresses of a name, by UDP with room for long answers (EDNS).</summary>
public static class SrvQuestion
{
    private const int HeaderBytes = 12;
    private const ushort RecursionDesired = 0x0100;
    private const ushort TypeA = 1;
    private const ushort TypeSrv = 33;
    private const ushort TypeOpt = 41;
    private const ushort ClassInternet = 1;
    private const ushort AnswerBytesMax = 4096;

    /// <summary>The places a name stands for now; null when the server did not answer in time, or not properly.</summary>
    /// <param name="server">Who is asked.</param>
    /// <param name="name">The name.</param>
    /// <param name="id">The question's number.</param>
    /// <param name="timeout">For the answer.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="port">The name's addresses are asked for, and this is their port; null: its SRV records.</param>
    public static async Task<SrvAnswer?> AskAsync(
        IPEndPoint server, string name, ushort id, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken,
        int? port = null)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var socket = new UdpClient(server.AddressFamily);
            socket.Connect(server);
            await socket.SendAsync(Write(name, id, port is null), both.Token);
            return SrvAnswer.Read((await socket.ReceiveAsync(both.Token)).Buffer, id, port);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The datagram. Pure.</summary>
    public static byte[] Write(string name, ushort id, bool isSrv = true)
    {
        var labels = name.TrimEnd('.').Split('.');
        var buffer = new byte[HeaderBytes + labels.Sum(label => label.Length + 1) + 1 + 4 + 11];
        BinaryPrimitives.WriteUInt16BigEndian(buffer, id);
        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(2), RecursionDesired);
        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(4), 1);
        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(10), 1);
        var at = HeaderBytes;
        foreach (var label in labels)
        {
            buffer[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, buffer.AsSpan(at));
        }

        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(at + 1), isSrv ? TypeSrv : TypeA);
        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(at + 3), ClassInternet);
        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(at + 6), TypeOpt);
        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(at + 8), AnswerBytesMax);
        return buffer;
    }
}
