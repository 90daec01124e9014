// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;
using ClusterManager.Tests.Support;
using ClusterManager.Wire;
using Google.Protobuf;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Shared.Tests.Wire;

/// <summary>Whatever arrives, mapping and validation answer with named fields and never throw.</summary>
public sealed class HostileSpecTests
{
    private static readonly byte[] Valid = new Sampler(7).Next<ServiceSpec>().ToWire().ToByteArray();

    [Fact]
    public void Random_bytes_never_throw_past_the_parser()
    {
        var parsed = 0;
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var bytes = seed % 2 == 0 ? Damaged(random) : Noise(random);
            V1.ServiceSpec wire;
            try
            {
                wire = V1.ServiceSpec.Parser.ParseFrom(bytes);
            }
            catch (InvalidProtocolBufferException)
            {
                continue;
            }

            parsed++;
            Judge(wire);
        }

        Assert.True(parsed > 500, $"only {parsed} inputs were parsed: the test says nothing");
    }

    [Fact]
    public void Random_fields_of_a_valid_message_never_throw()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var wire = new Sampler(seed, odd: true).Next<ServiceSpec>().ToWire();
            Scramble(wire, new Random(seed));
            Judge(wire);
        }
    }

    [Fact]
    public void An_empty_message_is_refused_with_the_missing_fields()
    {
        var fields = Fields(new V1.ServiceSpec());
        Assert.Contains("name", fields);
        Assert.Contains("image", fields);
        Assert.Contains("mode", fields);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    public void Durations_out_of_range_are_refused_by_name(long milliseconds)
    {
        var wire = new Sampler(3).Next<ServiceSpec>().ToWire();
        wire.ProgressDeadlineMs = wire.DrainDelayMs = wire.Container.StopGracePeriodMs = milliseconds;
        wire.Health.Kind = V1.HealthKind.Http;
        wire.Health.IntervalMs = wire.Health.TimeoutMs = wire.Health.StartPeriodMs = wire.Health.StartIntervalMs = milliseconds;
        wire.Restart.DelayMs = wire.Restart.WindowMs = milliseconds;
        string[] expected =
        [
            "progress_deadline", "drain", "stop_grace_period", "health.interval", "health.timeout", "health.start_period",
            "health.start_interval", "restart.delay", "restart.window",
        ];
        Assert.Equal([], expected.Except(Fields(wire)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    [InlineData(-1)]
    public void Unknown_enum_values_are_refused_by_name(int value)
    {
        var wire = new Sampler(3).Next<ServiceSpec>().ToWire();
        wire.Mode = (V1.ServiceMode)value;
        wire.Ports[0].Mode = (V1.PortMode)value;
        wire.Ports[0].Protocol = (V1.PortProtocol)value;
        wire.Health.Kind = (V1.HealthKind)value;
        wire.Restart.Condition = (V1.RestartCondition)value;
        wire.Container.Mounts[0].Kind = (V1.MountKind)value;
        string[] expected = ["mode", "ports[0].mode", "ports[0].protocol", "health.kind", "restart.condition", "mounts[0].kind"];
        Assert.Equal([], expected.Except(Fields(wire)));
    }

    private static List<string> Fields(V1.ServiceSpec wire) => [.. SpecValidator.Validate(wire.ToModel()).Select(error => error.Field)];

    private static void Judge(V1.ServiceSpec wire)
    {
        foreach (var error in SpecValidator.Validate(wire.ToModel()))
        {
            Assert.NotEqual("", error.Field);
            Assert.NotEqual("", error.Allowed);
            Assert.True(error.Value.Length <= 201, "a value is shortened to 200 characters");
        }
    }

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(0, 60)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Damaged(Random random)
    {
        var bytes = (byte[])Valid.Clone();
        for (var i = random.Next(1, 4); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    // By descriptor: a field that is added later is scrambled too.
    private static void Scramble(IMessage message, Random random)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.IsRepeated || field.IsMap) continue;
            if (field.FieldType == Google.Protobuf.Reflection.FieldType.Message)
            {
                if (field.Accessor.GetValue(message) is not IMessage inner) continue;
                if (random.Next(8) == 0) field.Accessor.Clear(message);
                else Scramble(inner, random);
                continue;
            }

            if (random.Next(2) == 0) continue;
            field.Accessor.SetValue(message, field.FieldType switch
            {
                Google.Protobuf.Reflection.FieldType.Int32 => random.Next(int.MinValue, int.MaxValue),
                Google.Protobuf.Reflection.FieldType.Int64 => random.NextInt64(long.MinValue, long.MaxValue),
                Google.Protobuf.Reflection.FieldType.Double => BitConverter.Int64BitsToDouble(random.NextInt64()),
                Google.Protobuf.Reflection.FieldType.Bool => random.Next(2) == 0,
                Google.Protobuf.Reflection.FieldType.Enum =>
                    Enum.ToObject(field.Accessor.GetValue(message).GetType(), random.Next(-5, 1000)),
                _ => new string((char)random.Next(0, 0xD000), random.Next(0, 70)),
            });
        }
    }
}
