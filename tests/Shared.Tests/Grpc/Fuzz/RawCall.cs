// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Shared.Tests.Grpc.Fixtures;

namespace ClusterManager.Shared.Tests.Grpc.Fuzz;

/// <summary>Calls of the Echo service as frames: good ones, faulty ones, and what is no call at all.</summary>
internal static class RawCall
{
    private static readonly string[] Methods = ["Unary", "ServerStream", "ClientStream", "Duplex", "NotThere", "unary", "Unary/x", ""];
    private static readonly string[] Keys =
        ["grpc-timeout", "grpc-encoding", "grpc-accept-encoding", "x-text", "raw-bin", "grpc-status", "te", "grpc-message-type"];

    /// <summary>A call that every server answers with OK.</summary>
    public static IEnumerable<byte[]> Good(int stream)
    {
        yield return RawFrames.Frame(RawFrames.Headers, RawFrames.EndHeaders, stream, RawFrames.Block(Head("Unary", "application/grpc")));
        yield return RawFrames.Frame(RawFrames.Data, RawFrames.EndStream, stream, [0, 0, 0, 0, 0]);
    }

    /// <summary>HTTP/2 by the rules; headers, gRPC frames or the end of the call are not. It always ends its side.</summary>
    public static IEnumerable<byte[]> Faulty(FuzzInputs inputs, int stream)
    {
        var method = inputs.Chance(0.8) ? Methods[inputs.Next(4)] : Methods[inputs.Next(Methods.Length)];
        var contentType = inputs.Chance(0.85) ? "application/grpc" : inputs.HeaderText();
        var headers = Head(method, contentType).ToList();
        for (var extra = inputs.Next(4); extra > 0; extra--)
        {
            var key = Keys[inputs.Next(Keys.Length)];
            headers.Add((key, key == "te" ? "trailers" : inputs.HeaderText().Trim()));
        }

        yield return RawFrames.Frame(RawFrames.Headers, RawFrames.EndHeaders, stream, RawFrames.Block(headers));
        foreach (var piece in inputs.Pieces(inputs.Frames()))
            yield return RawFrames.Frame(RawFrames.Data, 0, stream, piece.Span);
        yield return RawFrames.Frame(RawFrames.Data, RawFrames.EndStream, stream, []);
    }

    /// <summary>Frames of all types with any flags, streams and lengths; blocks that are none; a call that is cut anywhere.</summary>
    public static IEnumerable<byte[]> Chaos(FuzzInputs inputs)
    {
        for (var frames = 1 + inputs.Next(8); frames > 0; frames--)
        {
            var stream = inputs.Chance(0.7) ? 1 + 2 * inputs.Next(4) : inputs.Next(1 << 16);
            if (inputs.Chance(0.3))
            {
                foreach (var frame in Faulty(inputs, stream)) yield return Damage(inputs, frame);
            }
            else
            {
                var type = inputs.Chance(0.9) ? inputs.Next(10) : inputs.Next(256);
                yield return RawFrames.Frame((byte)type, (byte)inputs.Next(256), stream, inputs.Bytes(inputs.Chance(0.9) ? 40 : 20_000));
            }
        }

        if (inputs.Chance(0.3)) yield return inputs.Bytes(100);
    }

    private static byte[] Damage(FuzzInputs inputs, byte[] frame)
    {
        if (!inputs.Chance(0.2)) return frame;
        frame[inputs.Next(frame.Length)] ^= (byte)(1 << inputs.Next(8));
        return inputs.Chance(0.3) ? frame[..inputs.Next(frame.Length + 1)] : frame;
    }

    private static IEnumerable<(string Key, string Value)> Head(string method, string contentType) =>
    [
        (":method", "POST"), (":scheme", "http"), (":path", $"/cm.grpc.test.Echo/{method}"), (":authority", "localhost"),
        ("te", "trailers"), ("content-type", contentType),
    ];
}
