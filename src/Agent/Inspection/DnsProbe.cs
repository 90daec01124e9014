// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClusterManager.Agent.Inspection;

/// <summary>Asks a name server for one address by UDP, as a container would: one datagram, one try.</summary>
internal static class DnsProbe
{
    private const int HeaderBytes = 12;
    private const int AnswerBytesMax = 4096;
    private const ushort RecursionDesired = 0x0100;
    private const ushort TypeA = 1;
    private const ushort ClassInternet = 1;

    /// <summary>Null when the server gave at least one address; else what is wrong, for a person.</summary>
    public static async Task<string?> AskAsync(IPEndPoint server, string name, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new UdpClient(server.AddressFamily);
            socket.Connect(server);
            var question = Question(name, id: 1);
            await socket.SendAsync(question, cancellationToken);
            var answer = await socket.ReceiveAsync(cancellationToken);
            return Judge(question, answer.Buffer, name);
        }
        catch (SocketException error)
        {
            return error.Message;
        }
    }

    /// <summary>The datagram that asks for a name's addresses. Pure.</summary>
    public static byte[] Question(string name, ushort id)
    {
        var buffer = new byte[HeaderBytes + name.Length + 2 + 4];
        BinaryPrimitives.WriteUInt16BigEndian(buffer, id);
        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(2), RecursionDesired);
        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(4), 1);
        var at = HeaderBytes;
        foreach (var label in name.Split('.'))
        {
            buffer[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, buffer.AsSpan(at));
        }

        at++;
        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(at), TypeA);
        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(at + 2), ClassInternet);
        return buffer;
    }

    /// <summary>What is wrong with an answer; null: nothing. Pure.</summary>
    public static string? Judge(ReadOnlySpan<byte> question, ReadOnlySpan<byte> answer, string name)
    {
        if (answer.Length is < HeaderBytes or > AnswerBytesMax || !answer[..2].SequenceEqual(question[..2])) return "the answer is damaged";
        var code = answer[3] & 0x0f;
        var answers = BinaryPrimitives.ReadUInt16BigEndian(answer[6..]);
        return code switch
        {
            0 when answers > 0 => null,
            0 or 3 => $"{name} is not known there",
            2 => "it failed to look the name up",
            5 => "it refuses to answer",
            _ => $"it answered with error {code}",
        };
    }
}
