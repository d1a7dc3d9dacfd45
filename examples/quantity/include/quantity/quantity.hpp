#pragma once

namespace quantity {

/// A number with the exponents of its base units: metres, seconds and kelvins.
template <int Metre, int Second, int Kelvin>
class Quantity {
 public:
  constexpr explicit Quantity(double value) : value_(value) {}

  /// In base units.
  constexpr double value() const { return value_; }

 private:
  double value_;
};

using Length = Quantity<1, 0, 0>;
using Duration = Quantity<0, 1, 0>;
using Temperature = Quantity<0, 0, 1>;
using Frequency = Quantity<0, -1, 0>;
using Speed = Quantity<1, -1, 0>;

template <int M, int S, int K>
constexpr Quantity<M, S, K> operator+(Quantity<M, S, K> left, Quantity<M, S, K> right) {
  return Quantity<M, S, K>(left.value() + right.value());
}

template <int M, int S, int K>
constexpr Quantity<M, S, K> operator-(Quantity<M, S, K> left, Quantity<M, S, K> right) {
  return Quantity<M, S, K>(left.value() - right.value());
}

template <int M1, int S1, int K1, int M2, int S2, int K2>
constexpr Quantity<M1 + M2, S1 + S2, K1 + K2> operator*(Quantity<M1, S1, K1> left,
                                                        Quantity<M2, S2, K2> right) {
  return Quantity<M1 + M2, S1 + S2, K1 + K2>(left.value() * right.value());
}

template <int M1, int S1, int K1, int M2, int S2, int K2>
constexpr Quantity<M1 - M2, S1 - S2, K1 - K2> operator/(Quantity<M1, S1, K1> left,
                                                        Quantity<M2, S2, K2> right) {
  return Quantity<M1 - M2, S1 - S2, K1 - K2>(left.value() / right.value());
}

}  // namespace quantity
